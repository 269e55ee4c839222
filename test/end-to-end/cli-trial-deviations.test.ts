/** `calendar-mirror trial` with a Google that does not behave as assumed in details. */
import { describe, expect } from 'vitest';
import { scheduledCloudTest } from '../support/cloud-test.ts';
import {
  largePages,
  numericExpiration,
  otherReason,
  reminderEdits,
  together,
} from '../support/deviations.ts';
import { expectNothingLeft, assumptionsThat, failedSteps } from '../support/trial.ts';

const test = scheduledCloudTest({
  calendar: { routes: together(largePages, otherReason, reminderEdits, numericExpiration) },
});

describe('where Google differs in details', () => {
  test('the assumptions that do not hold are named, though the mirror is correct', async ({ cloud, cli }) => {
    const outcome = await cli.run('trial', '--json');
    expect(failedSteps(outcome)).toEqual([]);
    expect(assumptionsThat(outcome, 'differs')).toEqual(['G2', 'G4', 'G20', 'G24']);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/^Google does not behave as assumed: G2, G4, G20, G24: report it/m);
    await expectNothingLeft(cloud);
  });
});
