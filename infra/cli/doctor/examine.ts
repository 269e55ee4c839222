import { createAmbient } from '../../../functions/calendar/auth/adc.ts';
import type { AuthMode } from '../../../functions/calendar/auth/modes.ts';
import { explain } from '../explain.ts';
import type { Session } from '../session.ts';
import { authOf, examineAccess } from './access.ts';
import { createCloudApi } from './cloud-api.ts';
import { examineDatabase, judgeChoice } from './database.ts';
import { examineDeployment } from './deployment.ts';
import { absent, wrong, type Finding } from './finding.ts';
import { examineQuota, scalingOf } from './quota.ts';
import { examineReceiver } from './receiver.ts';
import { examineScheduler } from './scheduler.ts';
import { examineServices } from './services.ts';
import { examineTokens } from './tokens.ts';
import { examineTopics } from './topics.ts';
import { examineTrial } from './trial.ts';
import { examineLetters, examineWatches } from './watches.ts';

/** Turns a failed check into a finding, so that the other checks still report. */
async function tried(what: string, examination: Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await examination;
  } catch (error) {
    const { text } = explain(error);
    const [says = '', ...next] = text.split(/: (?=[^:]*$)/);
    return [wrong(what, says, next.join(': '))];
  }
}

/** Checks everything that a deployment needs. With `user`, also checks access to that user's data. */
export async function examine(
  session: Session,
  { user, auth }: { readonly user?: string | undefined; readonly auth?: AuthMode | undefined },
): Promise<readonly Finding[]> {
  const { config } = session;
  const { GOOGLE_CLOUD_PROJECT: project, FIRESTORE_DATABASE: database } = config;
  const isEmulated = config.FIRESTORE_EMULATOR_HOST !== undefined && config.CLOUD_API_ROOT_URL === undefined;
  const feed = (syncUrls?: readonly string[]): Promise<readonly Finding[]> =>
    tried('Pub/Sub', examineTopics(session, config.PUBSUB_EMULATOR_HOST !== undefined, syncUrls));
  const watches = tried('Firestore', examineWatches(session));
  const letters = tried('dead letters', examineLetters(session));
  if (isEmulated) {
    const receiver = examineReceiver(config.CHANNEL_ADDRESS, undefined, true);
    const access = user === undefined ? [] : examineAccess(session, user, auth, undefined);
    const nowhere = ['APIs', 'indexes', 'functions', 'scheduler', 'secrets'].map(absent);
    return [
      ...(await feed()),
      ...(await watches),
      ...(await letters),
      ...(await receiver),
      ...nowhere,
      ...(await access),
    ];
  }
  const ambient = createAmbient();
  const api = createCloudApi(config.CLOUD_API_ROOT_URL, project, ambient.token);
  const stored = examineDatabase(api, { project, database });
  const notifications = config.NOTIFICATIONS_TOPIC;
  const { deployment, findings } = await examineDeployment(api, { project, database, notifications });
  const { receive, sync, renew } = deployment;
  const address =
    config.CHANNEL_ADDRESS ??
    renew?.serviceConfig.environmentVariables['CHANNEL_ADDRESS'] ??
    receive?.urls[0];
  const mode = config.CALENDAR_AUTH ?? authOf(sync);
  const account = sync?.serviceConfig.serviceAccountEmail || undefined;
  const [services, topics, receiver, scheduler, quota, tokens, access, trial] = await Promise.all([
    examineServices(api, project, mode),
    feed(sync?.urls),
    examineReceiver(address, receive, false),
    examineScheduler(api, renew, project),
    examineQuota(api, scalingOf(deployment), project),
    mode === 'oauth' ? tried('refresh tokens', examineTokens(api, session, deployment)) : [],
    user === undefined ? [] : tried(`calendars of ${user}`, examineAccess(session, user, auth, sync)),
    mode === 'service-account'
      ? examineTrial(config.IAM_CREDENTIALS_ROOT_URL, account, project, ambient)
      : [],
  ]);
  return [
    ...services,
    ...judgeChoice(database, deployment),
    ...(await stored),
    ...(await watches),
    ...topics,
    ...(await letters),
    ...findings,
    ...quota,
    ...receiver,
    ...scheduler,
    ...tokens,
    ...access,
    ...trial,
  ];
}
