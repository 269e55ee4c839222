/** The doctor's findings on the endpoint of Pub/Sub. */
import { expect, test } from 'vitest';
import { judgeEndpoint } from '../../../../../infra/cli/doctor/endpoint.ts';
import { NO_FUNCTIONS } from '../../../../../infra/cli/doctor/functions.ts';
import { deployed, DEPLOYED } from '../../../../support/deployed-cloud.ts';

const [receive, sync, renew] = [deployed('receive'), deployed('sync'), deployed('renew')];
const OURS = 'https://europe-west1-pubsub.googleapis.com';

function publishing(endpoint: string | undefined): typeof sync {
  const { PUBSUB_ENDPOINT: _, ...variables } = sync.serviceConfig.environmentVariables;
  const environmentVariables =
    endpoint === undefined ? variables : { ...variables, PUBSUB_ENDPOINT: endpoint };
  return { ...sync, serviceConfig: { ...sync.serviceConfig, environmentVariables } };
}

test('functions that publish in their own region are well', () => {
  const all = { receive, sync: publishing(`${OURS}/`), renew };
  expect(judgeEndpoint(all, DEPLOYED)).toMatchObject([{ verdict: 'well', says: OURS }]);
  expect(judgeEndpoint(NO_FUNCTIONS, DEPLOYED)).toEqual([]);
});

test.each([
  ['the global endpoint', undefined, 'https://pubsub.googleapis.com'],
  ['another region', 'https://us-east1-pubsub.googleapis.com', 'https://us-east1-pubsub.googleapis.com'],
])('a function that publishes to %s is wrong, with the command that corrects it', (_, endpoint, shown) => {
  expect(judgeEndpoint({ receive, sync: publishing(endpoint), renew }, DEPLOYED)).toEqual([
    {
      what: 'Pub/Sub endpoint',
      verdict: 'wrong',
      says: `calendar-sync publishes to ${shown}: messages of one key may be delivered out of order`,
      fix: expect.stringContaining(
        `gcloud run services update calendar-sync --update-env-vars=PUBSUB_ENDPOINT=${OURS} --region=europe-west1`,
      ),
    },
  ]);
});
