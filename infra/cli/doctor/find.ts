import { createAmbient } from '../../../functions/calendar/auth/adc.ts';
import { Failure } from '../failure.ts';
import type { Session } from '../session.ts';
import { createCloudApi } from './cloud-api.ts';
import { locateFunctions, NO_FUNCTIONS, type Deployment } from './functions.ts';

/** Finds the deployed functions; those of the local cloud are not deployed. @throws {Failure} */
export async function findDeployment({ config }: Session): Promise<Deployment> {
  if (config.FIRESTORE_EMULATOR_HOST !== undefined && config.CLOUD_API_ROOT_URL === undefined)
    return NO_FUNCTIONS;
  const project = config.GOOGLE_CLOUD_PROJECT;
  const api = createCloudApi(config.CLOUD_API_ROOT_URL, project, createAmbient().token);
  const located = await locateFunctions(api, {
    project,
    database: config.FIRESTORE_DATABASE,
    notifications: config.NOTIFICATIONS_TOPIC,
  });
  if (located.state === 'found') return located.value.deployment;
  if (located.state === 'missing') return NO_FUNCTIONS;
  throw new Failure(
    `cannot find the deployed functions: ${located.because}`,
    located.fix ?? 'run calendar-mirror doctor',
  );
}
