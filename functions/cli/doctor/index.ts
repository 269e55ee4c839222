import * as z from 'zod';

import { createAmbient } from '../../calendar/auth/ambient.ts';
import { AUTH_MODES } from '../../config.ts';
import { explain } from '../explain.ts';
import { Failure, WrongUse } from '../failure.ts';
import type { Open, Session } from '../session.ts';
import { print, printable, styled, table } from '../terminal.ts';
import { examineAccess } from './access.ts';
import { createCloudApi } from './cloud-api.ts';
import { examineDatabase } from './database.ts';
import { examineDeployment } from './deployment.ts';
import { absent, well, wrong, type Finding, type Verdict } from './finding.ts';
import { examineReceiver } from './receiver.ts';
import { examineScheduler } from './scheduler.ts';
import { examineServices } from './services.ts';
import { examineTopics } from './topics.ts';

/** `calendar-mirror doctor`: everything that a deployment needs, looked at; each failure with what mends it. */

const Options = z.object({ user: z.string().optional(), auth: z.enum(AUTH_MODES).optional() });

/** What the command itself needs to do anything: a database that answers. */
async function examineWatches({ wishes }: Session): Promise<readonly Finding[]> {
  return [well('watches', String((await wishes.listWatches()).length))];
}

/** An examination that fails is a finding: the others still have something to say. */
async function tried(what: string, examination: Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await examination;
  } catch (error) {
    const { text } = explain(error);
    const [says = '', ...next] = text.split(/: (?=[^:]*$)/);
    return [wrong(what, says, next.join(': '))];
  }
}

async function examine(
  session: Session,
  { user, auth }: z.infer<typeof Options>,
): Promise<readonly Finding[]> {
  const { config } = session;
  const { GOOGLE_CLOUD_PROJECT: project, FIRESTORE_DATABASE: database } = config;
  const isEmulated = config.FIRESTORE_EMULATOR_HOST !== undefined && config.CLOUD_API_ROOT_URL === undefined;
  const feed = tried('Pub/Sub', examineTopics(session, config.PUBSUB_EMULATOR_HOST !== undefined));
  const watches = tried('Firestore', examineWatches(session));
  if (isEmulated) {
    const receiver = examineReceiver(config.CHANNEL_ADDRESS, undefined, true);
    const access = user === undefined ? [] : examineAccess(config, user, auth, undefined);
    const nowhere = ['APIs', 'indexes', 'functions', 'scheduler', 'secrets'].map(absent);
    return [...(await feed), ...(await watches), ...(await receiver), ...nowhere, ...(await access)];
  }
  const ambient = createAmbient();
  const api = createCloudApi(config.CLOUD_API_ROOT_URL, project, ambient.token);
  const services = examineServices(api, project);
  const stored = examineDatabase(api, { project, database });
  const { deployment, findings } = await examineDeployment(api, project);
  const { receive, sync, renew } = deployment;
  const address =
    config.CHANNEL_ADDRESS ?? renew?.serviceConfig.environmentVariables['CHANNEL_ADDRESS'] ?? receive?.url;
  const [receiver, scheduler, access] = await Promise.all([
    examineReceiver(address, receive, false),
    examineScheduler(api, renew, project),
    user === undefined ? [] : tried(`calendars of ${user}`, examineAccess(config, user, auth, sync)),
  ]);
  return [
    ...(await services),
    ...(await stored),
    ...(await watches),
    ...(await feed),
    ...findings,
    ...receiver,
    ...scheduler,
    ...access,
  ];
}

const MARKS: Readonly<Record<Verdict, string>> = { well: '✓', wrong: '✗', unknown: '?', absent: '–' };
const COLOURS = { well: 'green', wrong: 'red', unknown: 'yellow', absent: 'dim' } as const;

function show(findings: readonly Finding[]): void {
  const rows = findings.map(({ what, verdict, says }) => [
    styled(COLOURS[verdict], MARKS[verdict]),
    printable(what),
    printable(says),
  ]);
  print(table([['', 'what', 'how it is'], ...rows]));
  for (const { what, mend } of findings) {
    if (mend !== undefined) print(`\n${styled('bold', printable(what))}\n  ${printable(mend)}`);
  }
}

export async function run(open: Open, _: readonly string[], given: unknown): Promise<void> {
  const options = Options.parse(given);
  if (options.user !== undefined && !/^(me|[^\s@]+@[^\s@]+)$/.test(options.user)) {
    throw new WrongUse(
      `--user ${JSON.stringify(options.user)} is neither an email address nor "me"`,
      'give an address',
    );
  }
  const session = await open();
  const findings = await examine(session, options);
  if (session.json) for (const finding of findings) session.printJson(finding);
  else show(findings);
  const count = findings.filter(({ verdict }) => verdict === 'wrong').length;
  if (count > 0) {
    throw new Failure(
      `${String(count)} of ${String(findings.length)} are wrong`,
      'mend what is named above, and run calendar-mirror doctor again',
    );
  }
}
