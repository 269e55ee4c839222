/** `calendar-mirror trial` with a Google that does not behave as assumed. */
import { describe, expect } from 'vitest';
import { scheduledCloudTest } from '../support/cloud-test.ts';
import {
  largePages,
  noDeletions,
  numericExpiration,
  otherReason,
  reminderEdits,
  together,
} from '../support/deviations.ts';
import { expectNothingLeft, assumptionsThat, failedSteps } from '../support/trial.ts';

const inDetails = scheduledCloudTest({
  calendar: { routes: together(largePages, otherReason, reminderEdits, numericExpiration) },
});
const withoutDeletions = scheduledCloudTest({ calendar: { routes: noDeletions } });

describe('where Google differs in details', () => {
  const test = inDetails;
  test('the assumptions that do not hold are named, though the mirror is correct', async ({ cloud, cli }) => {
    const outcome = await cli.run('trial', '--json');
    expect(failedSteps(outcome)).toEqual([]);
    expect(assumptionsThat(outcome, 'differs')).toEqual(['G2', 'G4', 'G20', 'G24']);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/^Google does not behave as assumed: G2, G4, G20, G24: report it/m);
    await expectNothingLeft(cloud);
  });
});

describe('where Google lists no deletions', () => {
  const test = withoutDeletions;
  test('the assumption is named with the step that fails', async ({ cloud, cli }) => {
    const outcome = await cli.run('trial', '--json', '--timeout', '12');
    expect(outcome.code).toBe(1);
    expect(failedSteps(outcome)).toEqual(['delete an event']);
    expect(assumptionsThat(outcome, 'differs')).toEqual(['G3', 'G11']);
    expect(outcome.stderr).toMatch(/^Google does not behave as assumed: G3, G11$/m);
    await expectNothingLeft(cloud);
  });
});
