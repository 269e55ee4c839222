import { setTimeout as pause } from 'node:timers/promises';

import * as z from 'zod';

import { isVersionOf, type Item } from '../../local/demo/api.ts';
import type { Follower } from './lists.ts';
import { calendarPath, TIME_ZONE } from './stage.ts';
import type { Trial } from './trial.ts';
import type { Expected, Hops, TrialWatch } from './witness.ts';

/** Edits the events of a trial. Each edit is looked for in an incremental list of the trial's own, too. */

export type Data = Readonly<Record<string, unknown>>;

/** The result of an edit. */
export interface Edited<T> {
  readonly result: T;
  readonly hops: Hops;
}

/** Is called with the result of an edit and with the item as it is then listed; undefined if it is not. */
type Look<T> = (result: T, listed: Data | undefined) => unknown;

/** How long a list may lag behind an edit, and the time between two lists. */
const LAG_MS = 10_000;
const PAUSE_MS = 200;

/** The year of all events. */
const YEAR = new Date().getUTCFullYear() + 1;
const time = (day: string, hour: number) => ({
  dateTime: `${String(YEAR)}-${day}T${String(hour).padStart(2, '0')}:00:00`,
  timeZone: TIME_ZONE,
});

/** Returns the times of an event on a day (`02-03`), from one hour to another. */
export const between = (day: string, from: number, to: number) => ({
  start: time(day, from),
  end: time(day, to),
});

const timed = z.looseObject({ dateTime: z.iso.datetime({ offset: true }) });

/** Returns the moment of a time in an event, Unix ms; NaN if it is not one. */
export const momentOf = (eventTime: unknown): number =>
  Date.parse(timed.safeParse(eventTime).data?.dateTime ?? '');

/** Expects that items are deleted. */
export const gone = (watch: TrialWatch, ...ids: readonly string[]): readonly Expected[] =>
  ids.map((itemId) => ({ watch, itemId, reached: (item) => item === undefined }));

/** Expects a version of an event. */
export const version = (watch: TrialWatch, event: Item): Expected => ({
  watch,
  itemId: event.id,
  reached: isVersionOf(event),
});

/** Lists incrementally until an item is among the changes. Returns it with the number of lists that lacked it. */
export async function awaitChange(
  follower: Follower,
  itemId: string,
  signal: AbortSignal,
): Promise<{ readonly item: Data | undefined; readonly lacking: number }> {
  const deadline = Date.now() + LAG_MS;
  for (let lacking = 0; ; lacking += 1) {
    const item = (await follower.changes()).find(({ id }) => id === itemId);
    if (item !== undefined || Date.now() > deadline) return { item, lacking };
    await pause(PAUSE_MS, undefined, { signal });
  }
}

const idOf = ({ id }: Item): string => id;

export type Editor = ReturnType<typeof createEditor>;

export function createEditor({ api, calendarId, events, witness, evidence, lists, signal }: Trial) {
  const pathOf = (id = ''): string => calendarPath(calendarId, `/events${id === '' ? '' : `/${id}`}`);
  let [looks, lagged] = [0, 0];

  const listed = async (id: string): Promise<Data | undefined> => {
    const { item, lacking } = await awaitChange(lists.events, id, signal);
    looks += 1;
    if (lacking > 0) lagged += 1;
    evidence.see('G3', item !== undefined, item ? `${String(looks)} edits listed` : 'an edit was in no list');
    evidence.see('G7', true, `${String(lagged)} of ${String(looks)} lists lagged`);
    return item;
  };
  const looked =
    <T>(id: (result: T) => string, look: Look<T> | undefined) =>
    async (result: T): Promise<void> => {
      const item = await listed(id(result));
      await look?.(result, item);
    };
  const isVersion = (event: Item): readonly Expected[] => [version(events, event)];

  return {
    pathOf,
    insert: (body: object, look?: Look<Item>): Promise<Edited<Item>> =>
      witness.edit(() => api.insert(pathOf(), body), isVersion, looked(idOf, look)),
    /** `reached` tells that an item has the edit; by default, that it is as new. */
    patch: (
      id: string,
      body: object,
      look?: Look<Item>,
      reached?: Expected['reached'],
    ): Promise<Edited<Item>> =>
      witness.edit(
        () => api.patch(pathOf(id), body),
        (event) => (reached === undefined ? isVersion(event) : [{ watch: events, itemId: id, reached }]),
        looked(idOf, look),
      ),
    remove: (id: string, expected: readonly Expected[], look?: Look<void>): Promise<Edited<void>> =>
      witness.edit(
        () => api.remove(pathOf(id)),
        () => expected,
        looked(() => id, look),
      ),
  };
}
