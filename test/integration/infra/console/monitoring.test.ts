/** The console reads Cloud Monitoring: the stand-in for Google Cloud answers. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCloudApi } from '../../../../infra/cli/doctor/cloud-api.ts';
import { createReadSeries } from '../../../../infra/console/source/monitoring.ts';
import { cloudClient, type CloudClient } from '../../../support/google-cloud/client.ts';
import { startGoogleCloud, type GoogleCloud } from '../../../support/google-cloud/index.ts';
import { enable, PROJECT } from '../../../support/google-cloud/samples.ts';

const NOW = Date.parse('2030-01-01T12:00:00Z');
const METRIC = 'pubsub.googleapis.com/subscription/num_undelivered_messages';
const CALLS = 'logging.googleapis.com/user/calendar_mirror/calendar_calls';

let cloud: GoogleCloud;
let api: CloudClient;
beforeAll(async () => {
  cloud = await startGoogleCloud({ polls: 0 });
  api = cloudClient(cloud.url);
});
afterAll(() => cloud.close());

const read = (project = cloud.project.id) =>
  createReadSeries(
    createCloudApi(cloud.url, project, () => Promise.resolve('token')),
    project,
  );
const question = { filter: `metric.type = "${METRIC}"`, from: NOW - 600_000, to: NOW };

const at = (secondsAgo: number) => ({ endTime: new Date(NOW - secondsAgo * 1000).toISOString() });

test('where it may not be read, it says what to ask for', async () => {
  expect(await read('other-project')(question)).toEqual({
    known: false,
    because: 'Cloud Monitoring: access denied',
    fix: 'ask for roles/viewer in other-project',
  });
});

test('it returns the points of a time, the latest first, with all labels', async () => {
  await enable(api, 'monitoring');
  expect(await read()(question)).toEqual({ known: true, series: [] });
  await api.make('POST', `monitoring/v3/${PROJECT}/timeSeries`, {
    timeSeries: [
      {
        metric: { type: METRIC },
        resource: { type: 'pubsub_subscription', labels: { subscription_id: 'audit' } },
        points: [
          { interval: at(60), value: { int64Value: '7' } },
          { interval: at(30), value: { int64Value: '9' } },
          { interval: at(6_000), value: { int64Value: '1' } },
        ],
      },
      {
        metric: { type: CALLS, labels: { metric: 'sync' } },
        resource: { type: 'cloud_run_revision' },
        points: [{ interval: at(60), value: { distributionValue: { count: '4', mean: 2.5 } } }],
      },
    ],
  });
  expect(await read()(question)).toEqual({
    known: true,
    series: [
      {
        labels: { subscription_id: 'audit' },
        points: [
          { at: NOW - 30_000, value: 9 },
          { at: NOW - 60_000, value: 7 },
        ],
      },
    ],
  });
  const calls = { ...question, filter: `metric.type = "${CALLS}"` };
  // A distribution counts as the sum of its values.
  expect(await read()({ ...calls, aligned: { seconds: 60, aligner: 'ALIGN_DELTA' } })).toMatchObject({
    series: [{ labels: { metric: 'sync' }, points: [{ value: 10 }] }],
  });
  expect(await read()({ ...calls, aligned: { seconds: 60, aligner: 'ALIGN_PERCENTILE_50' } })).toMatchObject({
    series: [{ points: [{ value: 2.5 }] }],
  });
});
