import { expect } from 'vitest';
import type { CloudOptions } from '../../infra/local/cloud.ts';
import type { FunctionName } from '../../infra/local/function.ts';
import { eventually } from '../support/cloud.ts';
import type { Pipeline } from '../support/pipeline.ts';

/** What is under way when a process dies. */
export interface Scenario {
  readonly name: string;
  /** The functions that die, each at every effect that it has here. */
  readonly dying: readonly FunctionName[];
  readonly env?: CloudOptions['env'];
  /** Makes a user's calendar and watch, up to where the work begins. */
  readonly prepare: (cloud: Pipeline, user: string) => Promise<string>;
  /** Begins the work, and ends when there is no more of it to come than what `lastWords` tells of. */
  readonly begin: (cloud: Pipeline, watch: string, user: string) => Promise<unknown>;
  /** What sync logs once it has done its part; where it has none, the work ends with `begin`. */
  readonly lastWords?: string;
  /** What becomes of the watch: in the end it has its channel, or it is removed, with so many items left. */
  readonly ends: 'watched' | { readonly removedWith: number };
}

/** Functions that start again and again, three scenarios side by side, take their time. */
export const PATIENCE_MS = 120_000;

const EVENTS = ['event1', 'event2', 'event3', 'event4', 'event5'];
const at = (hour: number) => ({
  start: { dateTime: `2030-01-01T0${hour}:00:00Z` },
  end: { dateTime: `2030-01-01T0${hour}:30:00Z` },
});

const specOf = (user: string) => ({ user, resource: 'events', calendarId: user }) as const;
const pathOf = (user: string, event: string): string => `calendars/${user}/events/${event}`;

function seed(cloud: Pipeline, user: string): void {
  const events = EVENTS.map((id) => ({ id, summary: 'as it was', ...at(9) }));
  cloud.calendar.seed({ users: [{ email: user, calendars: [{ id: user, summary: user, events }] }] });
}

/** A wish that renew has not seen yet. */
async function wish(cloud: Pipeline, user: string): Promise<string> {
  seed(cloud, user);
  const watch = `watch-${user.split('@')[0] ?? ''}`;
  await cloud.watch(watch, specOf(user));
  return watch;
}

/** A watch with its channel, the mirror up to date, and nothing under way. */
async function watched(cloud: Pipeline, user: string): Promise<string> {
  const watch = await wish(cloud, user);
  await cloud.renew();
  await eventually(async () => {
    await cloud.processed(watch);
    const { state, sync } = await cloud.status(watch);
    expect(state).toBe('active');
    expect(sync).toMatchObject({ token: expect.any(String) });
    expect(sync).not.toHaveProperty('traversal');
  }, PATIENCE_MS);
  return watch;
}

/** Three events of five are no longer what is mirrored, one is new, and nobody was told. */
async function editedUnnoticed(cloud: Pipeline, user: string): Promise<string> {
  const watch = await watched(cloud, user);
  using _ = cloud.losingNotifications(user);
  const api = cloud.as(user);
  await api.remove(pathOf(user, 'event2'));
  await api.patch(pathOf(user, 'event1'), { summary: 'edited' });
  await api.patch(pathOf(user, 'event5'), at(8));
  await api.insert(`calendars/${user}/events`, { id: 'event6', summary: 'new', ...at(7) });
  await cloud.calendar.settle();
  return watch;
}

const look = (cloud: Pipeline, watch: string): Promise<void> => cloud.look(watch);

const remove =
  (how: 'keep' | 'purge') =>
  async (cloud: Pipeline, watch: string, user: string): Promise<unknown> => {
    await cloud.watch(watch, { ...specOf(user), removed: how });
    return cloud.renew();
  };

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'the first full sync',
    dying: ['sync'],
    prepare: wish,
    begin: look,
    lastWords: 'synced',
    ends: 'watched',
  },
  {
    name: 'an incremental sync',
    dying: ['sync'],
    prepare: editedUnnoticed,
    begin: look,
    lastWords: 'synced',
    ends: 'watched',
  },
  {
    name: 'a sync that many invocations continue',
    dying: ['sync'],
    env: { sync: { SYNC_DEADLINE_SECONDS: '0' } },
    prepare: editedUnnoticed,
    begin: look,
    lastWords: 'synced',
    ends: 'watched',
  },
  {
    name: 'a full sync after a dead sync token, and its sweep',
    dying: ['sync'],
    prepare: async (cloud, user) => {
      const watch = await editedUnnoticed(cloud, user);
      cloud.calendar.store.expireSyncTokens({ resource: 'events', calendarId: user });
      return watch;
    },
    begin: look,
    lastWords: 'synced',
    ends: 'watched',
  },
  {
    name: 'the first channel',
    dying: ['renew'],
    prepare: wish,
    begin: (cloud) => cloud.renew(),
    ends: 'watched',
  },
  {
    name: 'a renewal',
    dying: ['renew'],
    // A channel has always less than this left.
    env: { renew: { RENEW_BEFORE_SECONDS: '604800' } },
    prepare: watched,
    begin: (cloud, watch) => cloud.renewNow(watch),
    ends: 'watched',
  },
  {
    name: 'a stop',
    dying: ['renew', 'sync'],
    prepare: watched,
    begin: remove('keep'),
    lastWords: 'watch removed',
    ends: { removedWith: EVENTS.length },
  },
  {
    name: 'a removal with its purge',
    dying: ['renew', 'sync'],
    prepare: watched,
    begin: remove('purge'),
    lastWords: 'synced',
    ends: { removedWith: 0 },
  },
];
