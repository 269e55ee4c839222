/** The doctor's findings on the jobs of Cloud Scheduler. */
import { describe, expect, test } from 'vitest';
import { judgeJobs } from '../../../../../infra/cli/doctor/scheduler.ts';
import { deployed, DEPLOYED, renewJob, urlsOf } from '../../../../support/deployed-cloud.ts';

describe('scheduler', () => {
  const good = renewJob();
  test.each([
    ['a job that runs every minute is well', [good], 'well', /every minute/],
    ['a missing job is wrong', [], 'wrong', /no job calls renew/],
    [
      'a job that calls something else is wrong',
      [{ ...good, httpTarget: { uri: 'https://other.example.com' } }],
      'wrong',
      /no job calls/,
    ],
    ['a paused job is wrong', [{ ...good, state: 'PAUSED' }], 'wrong', /PAUSED/],
    [
      'a job without a service account is wrong',
      [{ ...good, httpTarget: { uri: good.httpTarget.uri } }],
      'wrong',
      /without a service account/,
    ],
    ['an equivalent cron expression is well', [{ ...good, schedule: '*/1 * * * *' }], 'well', /every minute/],
    [
      'an equivalent English schedule is well',
      [{ ...good, schedule: 'every 1 minutes' }],
      'well',
      /every minute/,
    ],
    ['a paused job next to an enabled one is well', [{ ...good, state: 'PAUSED' }, good], 'well', /minute/],
    ['a job whose update failed is wrong', [{ ...good, state: 'UPDATE_FAILED' }], 'wrong', /UPDATE_FAILED/],
    ['a last run without a status is well', [{ ...good, status: undefined }], 'well', /every minute/],
    ['an hourly job is wrong', [{ ...good, schedule: '0 * * * *' }], 'wrong', /not every minute/],
    ['a job that renew rejects is wrong', [{ ...good, status: { code: 7 } }], 'wrong', /renew rejects/],
    ['a failed job is wrong', [{ ...good, status: { code: 13 } }], 'wrong', /failed \(code 13\)/],
    [
      'a job that has not run yet is unknown',
      [{ ...good, lastAttemptTime: undefined }],
      'unknown',
      /has not run yet/,
    ],
  ])('%s', (_, jobs, verdict, says) => {
    expect(judgeJobs(jobs, deployed('renew'), DEPLOYED)).toMatchObject({
      verdict,
      says: expect.stringMatching(says),
    });
  });
});

test('each command names the project and the region of the job', () => {
  const name = `projects/${DEPLOYED}/locations/europe-west3/jobs/calendar-renew`;
  const paused = { ...renewJob(), name, state: 'PAUSED' };
  const { fix } = judgeJobs([paused], deployed('renew'), DEPLOYED);
  expect(fix).toBe(
    `gcloud scheduler jobs resume calendar-renew --location=europe-west3 --project=${DEPLOYED}`,
  );
  const { fix: create } = judgeJobs([], deployed('renew'), DEPLOYED);
  expect(create).toContain(`--oidc-token-audience=${urlsOf('renew').hashed} `);
  expect(create).toContain(`--location=europe-west1 --project=${DEPLOYED}`);
});
