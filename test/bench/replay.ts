/** `calendar-mirror replay --all`: watches and items a second, beside one watch after the other and beside a loop that only publishes. */
import { randomBytes } from 'node:crypto';
import { Timestamp, type Firestore } from '@google-cloud/firestore';
import { PubSub } from '@google-cloud/pubsub';
import { changeMessage } from '../../functions/feed/change.ts';
import { createPublisher } from '../../functions/feed/publisher.ts';
import { createFirestore } from '../../functions/firestore/client.ts';
import { collectionPath, itemPath } from '../../functions/firestore/paths.ts';
import { fit } from '../../functions/mirror/data.ts';
import { itemDocument } from '../../functions/mirror/items.ts';
import { commandLine } from '../support/command-line.ts';
import { environment } from './environment.ts';
import { figure, ratio, type Result, type Size } from './figures.ts';
import { largeCalendar } from './large-calendar.ts';

/** As many as two users with some calendars have. */
const WATCHES = 18;
const TOPIC = 'replayed';

interface Target {
  readonly id: string;
  readonly user: string;
}

/** Writes watches as sync leaves them, each with so many mirrored events. */
async function seed(firestore: Firestore, targets: readonly Target[], items: number): Promise<void> {
  const writer = firestore.bulkWriter({ throttling: false });
  for (const { id, user } of targets) {
    const spec = { user, resource: 'events', calendarId: user } as const;
    const collection = collectionPath(spec);
    const sync = { sequence: items, failures: 0 };
    // `close` waits for every write and reports failures.
    void writer.set(firestore.doc(`watches/${id}`), {
      spec,
      nextDueAt: Timestamp.now(),
      status: { state: 'active', collection, sync },
    });
    for (const [index, event] of largeCalendar(user, items).events.entries()) {
      const document = itemDocument(fit(event), index + 1, {});
      void writer.set(firestore.doc(itemPath(collection, event.id)), document);
    }
  }
  await writer.close();
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

/** Publishes as many changes of the same size, with nothing read. */
async function publishOnly(env: ReturnType<typeof environment>, targets: readonly Target[], items: number) {
  const publish = createPublisher({
    projectId: env.GOOGLE_CLOUD_PROJECT,
    topic: TOPIC,
    server: { rootUrl: `http://${env.PUBSUB_EMULATOR_HOST}` },
    giveUpAfterMs: 60_000,
  });
  for (const { id, user } of targets) {
    const target = { user, resource: 'events', calendarId: user } as const;
    const occurredAt = new Date().toISOString();
    await Promise.all(
      largeCalendar(user, items).events.map((after, index) => {
        const about = { watchId: id, ...target, itemId: after.id, sequence: index + 1, occurredAt };
        const change = { ...about, change: 'snapshot', before: null, after } as const;
        return publish(changeMessage({ ...change, kinds: [] }, itemPath(collectionPath(target), after.id)));
      }),
    );
  }
}

/** Replays watches with so many items each, all at once and one by one. */
async function replays(items: number, run: (cloud: Cloud) => Promise<void>): Promise<void> {
  const env = environment(`demo-${randomBytes(4).toString('hex')}`);
  const [firestore, pubsub] = [
    createFirestore(env.GOOGLE_CLOUD_PROJECT, '(default)'),
    new PubSub({ projectId: env.GOOGLE_CLOUD_PROJECT }),
  ];
  const targets = Array.from({ length: WATCHES }, (_, index) => ({
    id: `watch-${String(index)}`,
    user: `user-${String(index)}@example.com`,
  }));
  const cli = commandLine(env);
  const replay = async (...which: readonly string[]): Promise<void> => {
    const { code, stderr } = await cli.run('replay', ...which, '--topic', TOPIC);
    if (code !== 0) throw new Error(stderr);
  };
  try {
    await pubsub.createTopic(TOPIC);
    await seed(firestore, targets, items);
    await run({ env, targets, replay });
  } finally {
    await Promise.all([firestore.terminate(), pubsub.close()]);
  }
}

interface Cloud {
  readonly env: ReturnType<typeof environment>;
  readonly targets: readonly Target[];
  readonly replay: (...which: readonly string[]) => Promise<void>;
}

/** The command line runs as users run it, with its start. */
export async function measureReplay(size: Size, tell: (line: string) => void): Promise<Result> {
  const [few, many, runs] = size === 'full' ? [20, 2_000, 3] : [1, 10, 1];
  const [together, apart, rates, bare]: [number[], number[], number[], number[]] = [[], [], [], []];
  await replays(few, async ({ targets, replay }) => {
    for (let run = 0; run < runs; run += 1) {
      tell(`${WATCHES} watches of ${few} items`);
      together.push(await secondsOf(() => replay('--all')));
    }
    tell('one by one');
    const alone = targets.slice(0, runs);
    const one = await secondsOf(async () => {
      for (const { id } of alone) await replay(id);
    });
    apart.push((one / alone.length) * WATCHES);
  });
  await replays(many, async ({ env, targets, replay }) => {
    const items = WATCHES * many;
    tell(`${items} items in a loop that only publishes`);
    bare.push(items / (await secondsOf(() => publishOnly(env, targets, many))));
    tell(`${WATCHES} watches of ${many} items`);
    rates.push(items / (await secondsOf(() => replay('--all'))));
  });
  const all = figure(`${WATCHES} watches of ${few} items: replay --all`, 's', together);
  const each = figure(`${WATCHES} watches of ${few} items: one command for each`, 's', apart);
  const perSecond = figure('replay --all: items', '/s', rates);
  const published = figure('only publishing: items', '/s', bare);
  return {
    figures: [
      all,
      figure(
        `${WATCHES} watches of ${few} items: watches`,
        '/s',
        together.map((seconds) => WATCHES / seconds),
      ),
      each,
      perSecond,
      published,
    ],
    marks: [
      { what: `${WATCHES} watches of ${few} items: s`, value: all.median, most: 4 },
      ratio('one command for each / replay --all', each, all, { least: 3 }),
      ratio('replay --all / only publishing: items', perSecond, published, { least: 0.15 }),
    ],
  };
}
