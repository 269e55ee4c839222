/** `calendar-mirror trial` with a Google that lists no deletions. */
import { describe, expect } from 'vitest';
import { scheduledCloudTest } from '../support/cloud-test.ts';
import { noDeletions } from '../support/deviations.ts';
import { expectNothingLeft, assumptionsThat, failedSteps } from '../support/trial.ts';

const test = scheduledCloudTest({ calendar: { routes: noDeletions } });

describe('where Google lists no deletions', () => {
  test('the assumption is named with the step that fails', async ({ cloud, cli }) => {
    const outcome = await cli.run('trial', '--json', '--timeout', '12');
    expect(outcome.code).toBe(1);
    expect(failedSteps(outcome)).toEqual(['delete an event']);
    expect(assumptionsThat(outcome, 'differs')).toEqual(['G3', 'G11']);
    expect(outcome.stderr).toMatch(/^Google does not behave as assumed: G3, G11$/m);
    await expectNothingLeft(cloud);
  });
});
