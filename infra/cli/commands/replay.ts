import * as z from 'zod';

import { RESOURCES } from '../../../functions/calendar/resources.ts';
import { oneOf, repeated, type CommandSpec } from '../declare.ts';
import { Failure, UsageError } from '../failure.ts';
import { watchCount } from '../format/watch.ts';
import { watchId } from '../options.ts';
import { createRecords, recordFolder, type Records } from '../replay/record.ts';
import { checkTopic, topicName } from '../replay/topic.ts';
import type { Open, Session } from '../session.ts';
import { logProgress } from '../../terminal/output.ts';
import { mustFind } from '../wait.ts';

/** `calendar-mirror replay`: publishes every mirrored item as a `snapshot` change, for a new consumer or one that lost messages. */
export const replayCommand: CommandSpec = {
  name: 'replay [watch]',
  about:
    'Publish every mirrored item of a watch, or of several, as a snapshot change, for a new consumer or one that lost messages.',
  notes:
    'The last message of each watch says how many items it has, so that a consumer can drop what is gone.\n' +
    'A replay of several watches that was interrupted continues with --resume, under a new id: watches that\n' +
    'are done are left out, and one that was under way starts again.',
  examples: [
    'replay ada-events-ada-1f2e3d4c5b6a7988 --topic new-consumer',
    'replay --all --topic new-consumer',
    'replay --user ada@example.com --resource events,acl --topic new-consumer --json',
    'replay --resume 0b9ff1c2-5a54-4a0e-9d6c-0d3c2f3a4b5c',
  ],
  declare: (command) =>
    command
      .option('--all', 'all watches')
      .option('--user <user>', 'the watches of this user; repeatable', repeated)
      .option(
        '--resource <resource>',
        `the watches of ${RESOURCES.join(', ')} (comma-separated)`,
        oneOf(RESOURCES),
      )
      .option(
        '--topic <topic>',
        'topic to publish to, with its full name (projects/…/topics/…) if in another project; all its subscriptions receive the changes',
      )
      .option('--force', 'allow the topic of the live changes, which every consumer receives')
      .option(
        '--resume <replay>',
        'continue a replay of several watches that was interrupted on this machine',
      ),
  run,
};

const Options = z.object({
  all: z.boolean().default(false),
  user: z.array(z.string()).optional(),
  resource: z.array(z.enum(RESOURCES)).optional(),
  topic: z.string().optional(),
  force: z.boolean().default(false),
  resume: z.string().optional(),
});
type Options = z.infer<typeof Options>;

const HELP = 'see calendar-mirror replay --help';

/** What to replay, as the arguments say. */
type Request =
  | { readonly resume: string }
  | {
      readonly topic: string;
      readonly force: boolean;
      readonly select: (session: Session) => Promise<string[]>;
    };

/** Returns the watches that options select. @throws {Failure} if there are none */
async function selected({ admin }: Session, { all, user, resource }: Options): Promise<string[]> {
  const watches = (await admin.listWatches()).flatMap((listed) => {
    if (!listed.ok) return all ? [listed.id] : [];
    const { id, spec } = listed.watch;
    if (user === undefined && resource === undefined) return [id];
    if (!spec.ok) return [];
    const { target } = spec.value;
    const isWanted = (user?.includes(target.user) ?? true) && (resource?.includes(target.resource) ?? true);
    return isWanted ? [id] : [];
  });
  if (watches.length === 0) throw new Failure('no watch matches', 'run calendar-mirror list');
  return watches;
}

/** Reads the arguments. @throws {UsageError} */
function requestOf(given: string | undefined, options: Options): Request {
  const { all, user, resource, topic, force, resume } = options;
  const isSelection = all || user !== undefined || resource !== undefined;
  if (resume !== undefined) {
    if (given !== undefined || isSelection || topic !== undefined || force)
      throw new UsageError('--resume continues with the same watches and topic', 'leave out the others');
    if (!z.uuid().safeParse(resume).success)
      throw new UsageError(`${JSON.stringify(resume)} is not the id of a replay`, HELP);
    return { resume };
  }
  const id = given === undefined ? undefined : watchId(given);
  if (id === undefined && !isSelection)
    throw new UsageError('no watch is named', 'name one, or give --all, --user or --resource');
  if ((id !== undefined && isSelection) || (all && (user !== undefined || resource !== undefined)))
    throw new UsageError('a watch, --all, and --user or --resource exclude each other', 'give one of them');
  if (topic === undefined) throw new UsageError('--topic is missing', HELP);
  const select = async (session: Session): Promise<string[]> =>
    id === undefined ? selected(session, options) : [(await mustFind(session, id)).watch.id];
  return { topic: topicName(topic), force, select };
}

/** Returns the watches that are left of an interrupted replay, and its topic. @throws {Failure} if it is unknown */
async function leftOf(records: Records, { config }: Session, resume: string) {
  const begun = await records.find(resume);
  if (begun === undefined) {
    throw new Failure(
      `no replay ${resume} was interrupted on this machine`,
      'it is complete, or has to be started again',
    );
  }
  const { project, database, topic, left, of } = begun;
  if (project !== config.GOOGLE_CLOUD_PROJECT || database !== config.FIRESTORE_DATABASE) {
    throw new UsageError(
      `the replay ${resume} is of project ${project}, database ${database}`,
      `add --project ${project} --database '${database}'`,
    );
  }
  logProgress(`${String(left.length)} of ${watchCount(of)} left of replay ${resume}`);
  return { watches: left, topic };
}

async function run(open: Open, [given]: readonly string[], options: unknown): Promise<void> {
  const request = requestOf(given, Options.parse(options));
  const session = await open();
  const records = createRecords(recordFolder());
  const { watches, topic } =
    'resume' in request
      ? await leftOf(records, session, request.resume)
      : { watches: await request.select(session), topic: request.topic };
  await checkTopic(session, topic, 'resume' in request || request.force);
  // Imported when it runs, as the command line starts without it.
  const { replayWatches } = await import('../replay/watches.ts');
  const replay = session.newId();
  if (watches.length === 1 && !('resume' in request)) {
    return replayWatches(session, { replay, topic, watches, records: undefined });
  }
  const { GOOGLE_CLOUD_PROJECT: project, FIRESTORE_DATABASE: database } = session.config;
  const isRecorded = await records.begin(replay, { project, database, topic, watches }).then(
    () => true,
    (error: unknown) => {
      logProgress(`If it is interrupted, this replay cannot be resumed: ${String(error)}`);
      return false;
    },
  );
  logProgress(`Replay ${replay}: ${watchCount(watches.length)} to ${topic}`);
  if ('resume' in request && isRecorded) await records.remove(request.resume);
  await replayWatches(session, { replay, topic, watches, records: isRecorded ? records : undefined });
}
