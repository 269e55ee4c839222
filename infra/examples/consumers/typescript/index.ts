import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

import { PubSub, v1 } from '@google-cloud/pubsub';

import { apply, hasHole, type Copy } from './state.ts';

/** Keeps a copy of the mirror out of the feed: `node index.ts <copy> <subscription> [<subscription of a replay> …]` */

const [, , file = 'copy.json', ...names] = process.argv;
const patienceMs = Number(process.env['PATIENCE_SECONDS'] ?? 60) * 1000;
// Of itself this client does not read PUBSUB_EMULATOR_HOST.
const client = new v1.SubscriberClient(
  Object.fromEntries(Object.entries(await new PubSub().getClientConfig())),
);
const projectId = await client.getProjectId();
/** https://grpc.io/docs/guides/status-codes/ */
const DEADLINE_EXCEEDED = 4;

function load(): Copy {
  if (!existsSync(file)) return { items: {}, watches: {}, replays: {} };
  const stored: Copy = JSON.parse(readFileSync(file, 'utf8'));
  return stored;
}

/** Replaces the file as a whole. In your program this is a transaction of a database. */
function save(): void {
  writeFileSync(`${file}.new`, JSON.stringify(copy));
  renameSync(`${file}.new`, file);
}

let copy = load();

/** Applies a message and stores the copy; returns whether the message may be acknowledged. */
function accept(message: Message): boolean {
  try {
    apply(copy, { attributes: message?.attributes ?? {}, data: Buffer.from(message?.data ?? '') });
    save();
    return true;
  } catch (error) {
    console.error(`refused ${message?.messageId}:`, error);
    copy = load();
    return false;
  }
}

type Message = Awaited<ReturnType<typeof pull>>[number]['message'];

async function pull(subscription: string) {
  try {
    const [{ receivedMessages }] = await client.pull({ subscription, maxMessages: 100 });
    return receivedMessages ?? [];
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === DEADLINE_EXCEEDED) return [];
    throw error;
  }
}

async function follow(name: string): Promise<void> {
  const subscription = client.subscriptionPath(projectId, name);
  for (;;) {
    for (const { ackId, message } of await pull(subscription)) {
      const ackIds = [ackId ?? ''];
      if (accept(message)) await client.acknowledge({ subscription, ackIds });
      else await client.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds: 0 });
    }
  }
}

/** Prints each hole that it finds twice. Messages of a watch come in sixteen streams, so that most holes pass. */
function report(found: Map<string, number>): void {
  for (const [id, watch] of Object.entries(copy.watches)) {
    if (hasHole(watch) && found.get(id) === watch.upTo)
      console.error(`changes of ${id} after ${watch.upTo} are missing: replay it`);
    if (hasHole(watch)) found.set(id, watch.upTo);
    else found.delete(id);
  }
}

const found = new Map<string, number>();
setInterval(() => report(found), patienceMs);
await Promise.all(names.map(follow));
