import { expect } from 'vitest';

import type { Item } from '../../../functions/calendar/resources.ts';
import type { Change } from '../../../functions/feed/change.ts';
import type { Mirror } from '../../../functions/mirror/index.ts';
import type { ItemWrite, Step } from '../../../functions/mirror/commit.ts';
import { itemDocument } from '../../../functions/mirror/items.ts';
import type { Channel } from '../../../functions/watches/channels.ts';
import type { WatchSpec } from '../../../functions/watches/spec.ts';
import type { Watch } from '../../../functions/watches/watch.ts';
import { specOf } from '../sample-watch.ts';

/** What the contract covers: everything that both implementations do. Following a list is Firestore's alone. */
export type ContractMirror = Omit<
  Mirror,
  | 'listCalendars'
  | 'listFollowed'
  | 'writeFollowed'
  | 'removeFollowed'
  | 'noteFollowing'
  | 'noteDeadLetter'
  | 'postpone'
>;

/** One implementation of the mirror, and what people do to its watch documents by hand. */
export interface MirrorBench {
  readonly mirror: ContractMirror;
  /** Writes a spec by merge. `nextDueAt`: Unix ms, or null for a document without it. */
  readonly writeSpec: (watchId: string, spec: object, nextDueAt: number | null) => Promise<void>;
  readonly deleteWatch: (watchId: string) => Promise<void>;
}

/** Registers the tests of some methods, by method. */
export type Tests<Method extends keyof ContractMirror> = Readonly<
  Record<Method, (bench: MirrorBench) => void>
>;

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

let made = 0;

/** A watch that has been requested: its document has a spec, and is due. */
export interface Requested {
  readonly id: string;
  readonly spec: object;
  readonly watchSpec: WatchSpec;
  readonly collection: string;
}

/** Requests a watch of settings. `user`: whose; a new user's by default. */
export async function request(
  { writeSpec }: MirrorBench,
  given: { readonly user?: string; readonly nextDueAt?: number | null } = {},
): Promise<Requested> {
  made += 1;
  const { user = `user-${String(made)}@example.com`, nextDueAt = Date.now() } = given;
  const id = `watch-${String(made)}`;
  const spec = { user, resource: 'settings' };
  const watchSpec = specOf(spec);
  await writeSpec(id, spec, nextDueAt);
  return { id, spec, watchSpec, collection: watchSpec.collection };
}

/** Loads a watch that exists. */
export async function load({ mirror }: MirrorBench, id: string): Promise<Watch> {
  const watch = await mirror.loadWatch(id);
  if (watch === undefined) throw new Error(`missing watch ${id}`);
  return watch;
}

/** Requests a watch and lets it claim its collection. */
export async function claimed(bench: MirrorBench, user?: string): Promise<Requested> {
  const requested = await request(bench, user === undefined ? {} : { user });
  expect(await bench.mirror.claim(requested.id, requested.watchSpec)).toBe('claimed');
  return requested;
}

/** Commits a step of a watch as it is now. */
export async function commit(bench: MirrorBench, id: string, step: Partial<Step>) {
  const watch = await load(bench, id);
  const { version, sync } = watch;
  return bench.mirror.commit({ watch, version, sync, ...step });
}

/** Returns what the outbox of a watch says about it, in order: states, and numbers of items. */
export async function said({ mirror }: MirrorBench, watchId: string): Promise<readonly unknown[]> {
  const entries = await mirror.readOutbox(watchId, '', 100);
  return entries.flatMap(({ about }) => about.map(({ message }) => message.items ?? message.state));
}

/** Some changes of a watch, with these numbers. */
export const changes = ({ id }: Requested, ...sequences: readonly number[]): readonly Change[] =>
  sequences.map((sequence) => ({
    watchId: id,
    user: 'ada@example.com',
    resource: 'settings',
    calendarId: null,
    itemId: `item-${String(sequence)}`,
    change: 'created',
    kinds: ['value'],
    sequence,
    before: null,
    after: { id: `item-${String(sequence)}` },
    occurredAt: '2026-05-04T10:00:00.000Z',
  }));

/** The write of an item that sync mirrors under a number. */
export function mirrored(item: Item, sequence = 1, more: object = {}): ItemWrite {
  const document = itemDocument({ item, omitted: [] }, sequence, {});
  return { itemId: item.id, document: { ...document, ...more } };
}

/** Mirrors items of these ids in a watch's collection. */
export const mirror = (
  bench: MirrorBench,
  { id, collection }: Requested,
  ...ids: readonly string[]
): Promise<unknown> => commit(bench, id, { collection, writes: ids.map((each) => mirrored({ id: each })) });

/** A channel that is about to be asked for, for a watch. */
export function channelFor(watchId: string, nextDueAt: number): Omit<Channel, 'state' | 'resourceId'> {
  made += 1;
  return {
    id: `channel-${String(made)}`,
    watch: watchId,
    user: 'ada@example.com',
    auth: 'emulator',
    resource: 'settings',
    calendarId: null,
    expiresAt: Date.now() + DAY,
    nextDueAt,
  };
}

/** Opens a channel for a watch, as renew does; returns its id and whether the watch adopted it. */
export async function open(
  bench: MirrorBench,
  { id, watchSpec }: Requested,
  given: { readonly asRead?: Watch; readonly watchSpec?: WatchSpec; readonly nextCheckAt?: number } = {},
): Promise<{ readonly id: string; readonly adopted: boolean }> {
  const { mirror: store } = bench;
  const asRead = given.asRead ?? (await load(bench, id));
  const channel = channelFor(id, Date.now() + HOUR);
  await store.intendChannel(channel);
  const opened = { id: channel.id, resourceId: 'resource', expiresAt: asRead.readTime + DAY };
  const adopted = await store.adoptChannel(
    asRead,
    given.watchSpec ?? watchSpec,
    opened,
    given.nextCheckAt ?? Date.now() + HOUR,
  );
  return { id: channel.id, adopted };
}
