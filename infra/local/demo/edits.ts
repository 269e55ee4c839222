import { ANA, BEN, TEAM, TRAVEL, WEEKLY } from '../seeds/example.ts';
import { generatedId, PROJECTS } from '../seeds/large.ts';
import { hour } from '../seeds/times.ts';
import type { WatchSpec } from '../watches.ts';
import { isVersionOf, type Item } from './api.ts';
import type { Stage } from './stage.ts';
import type { Expectation } from './stopwatch.ts';

const specs = (watches: Stage['watches']): WatchSpec[] => watches.map(({ spec }) => spec);
const events = (calendarId: string): string => `calendars/${calendarId}/events`;

/** Returns the path of the nth event of the large calendar. */
export const projectPath = (index: number): string => `${events(PROJECTS)}/${generatedId('projects', index)}`;

/** Expects the returned event, or a later version of it, in the mirror of every user that watches the calendar. */
export function mirrored({ watching }: Stage, calendarId: string): (event: Item) => Expectation {
  return (event) => ({
    collections: specs(watching({ resource: 'events', calendarId })),
    itemId: event.id,
    reached: isVersionOf(event),
  });
}

/** Expects that the item is deleted from the mirror of every user that watches the calendar. */
export function deleted({ watching }: Stage, calendarId: string, itemId: string): Expectation {
  return {
    collections: specs(watching({ resource: 'events', calendarId })),
    itemId,
    reached: (data) => data === undefined,
  };
}

/** Inserts events in Ana's calendar, in Ben's, and in one that both share. */
export async function insertEvents(stage: Stage): Promise<string> {
  const { stopwatch, as } = stage;
  const times = { start: hour(1, 9), end: hour(1, 10) };
  await Promise.all([
    ...[1, 2, 3].map((one) =>
      stopwatch.edit(
        () => as(ANA).insert(events(PROJECTS), { summary: `New ${one}`, ...times }),
        mirrored(stage, PROJECTS),
      ),
    ),
    stopwatch.edit(
      () => as(BEN).insert(events(TEAM), { summary: 'Proposal by Ben', ...times }),
      mirrored(stage, TEAM),
    ),
    stopwatch.edit(() => as(BEN).insert(events(BEN), { summary: 'Lunch', ...times }), mirrored(stage, BEN)),
  ]);
  return '5 events';
}

/** Edits events of several calendars at once. */
export async function editEvents(stage: Stage): Promise<string> {
  const { stopwatch, as } = stage;
  await Promise.all([
    ...[10, 11, 12].map((index) =>
      stopwatch.edit(
        () => as(ANA).patch(projectPath(index), { location: 'Room 4' }),
        mirrored(stage, PROJECTS),
      ),
    ),
    stopwatch.edit(
      () => as(ANA).patch(`${events(TEAM)}/teamlaunch`, { summary: 'Launch!' }),
      mirrored(stage, TEAM),
    ),
    stopwatch.edit(
      () => as(ANA).patch(`${events(TRAVEL)}/hotel`, { location: 'Ginza' }),
      mirrored(stage, TRAVEL),
    ),
  ]);
  return '5 events';
}

/** Deletes events of two calendars. */
export async function deleteEvents(stage: Stage): Promise<string> {
  const { stopwatch, as } = stage;
  await Promise.all([
    ...[20, 21].map((index) =>
      stopwatch.edit(
        () => as(ANA).remove(projectPath(index)),
        () => deleted(stage, PROJECTS, generatedId('projects', index)),
      ),
    ),
    stopwatch.edit(
      () => as(ANA).remove(`${events(TEAM)}/teamoffsite`),
      () => deleted(stage, TEAM, 'teamoffsite'),
    ),
  ]);
  return '3 events';
}

/** Cancels one occurrence of a series. The mirror keeps it, with the status `cancelled`. */
export async function cancelOccurrence(stage: Stage): Promise<string> {
  const { stopwatch, as, watching } = stage;
  const occurrences = await as(ANA).list(`${events(TEAM)}/${WEEKLY}/instances`);
  const chosen = occurrences.at(5);
  if (chosen === undefined) throw new Error('the weekly meeting has no sixth occurrence');
  await stopwatch.edit(
    () => as(ANA).remove(`${events(TEAM)}/${chosen.id}`),
    () => ({
      collections: specs(watching({ resource: 'events', calendarId: TEAM })),
      itemId: chosen.id,
      reached: (data) => data?.['status'] === 'cancelled',
    }),
  );
  return chosen.id;
}

/** Changes an ACL rule, a calendar-list entry and a setting. */
export async function changeOtherResources(stage: Stage): Promise<string> {
  const { cloud, stopwatch, as, watching } = stage;
  const rule = { role: 'reader', scope: { type: 'user', value: 'cleo@example.com' } };
  await Promise.all([
    stopwatch.edit(
      () => as(ANA).insert(`calendars/${TRAVEL}/acl`, rule),
      ({ id }) => ({
        collections: specs(watching({ resource: 'acl', calendarId: TRAVEL })),
        itemId: id,
        reached: (data) => data?.['role'] === 'reader',
      }),
    ),
    stopwatch.edit(
      () => as(BEN).patch(`users/me/calendarList/${TEAM}`, { colorId: '7', hidden: true }),
      () => ({
        collections: specs(watching({ resource: 'calendarList', user: BEN })),
        itemId: TEAM,
        reached: (data) => data?.['hidden'] === true,
      }),
    ),
    stopwatch.edit(
      async () => cloud.calendar.store.setSetting(ANA, 'timezone', 'Asia/Tokyo'),
      () => ({
        collections: specs(watching({ resource: 'settings', user: ANA })),
        itemId: 'timezone',
        reached: (data) => data?.['value'] === 'Asia/Tokyo',
      }),
    ),
  ]);
  return 'an ACL rule, a calendar-list entry, a setting';
}
