/** Performs the steps that a property test generates, in a world that no other run shares. */
import { randomUUID } from 'node:crypto';
import type { FaultRule } from '../../../infra/emulator/faults/fault-rules.ts';
import type { WatchSpec } from '../../../infra/local/watches.ts';
import type { Pipeline } from '../../support/pipeline.ts';
import { RULES, SERIES, SINGLES, type Edit, type Fault, type Step, type Turn } from './storm-steps.ts';

/** The users and watches of a run. */
export interface World {
  readonly cloud: Pipeline;
  readonly owner: string;
  /** Has access to the owner's calendar as long as a rule grants it. */
  readonly guest: string;
  /** The owner's second calendar. */
  readonly team: string;
  readonly specs: readonly WatchSpec[];
  readonly watches: readonly string[];
}

const at = (when: number) => ({
  start: { dateTime: `2030-01-01T0${when}:00:00Z`, timeZone: 'UTC' },
  end: { dateTime: `2030-01-01T0${when}:30:00Z`, timeZone: 'UTC' },
});

/** Creates an owner with a series, an event and a second calendar, a guest, and watches of everything. */
export async function newWorld(cloud: Pipeline): Promise<World> {
  const [owner, guest] = [cloud.newUser('owner'), cloud.newUser('guest')];
  const api = cloud.as(owner);
  const { id: team } = await api.insert('calendars', { summary: 'team' });
  for (const [id, some] of [
    [owner, 2],
    [team, 1],
  ] as const) {
    const events = `calendars/${id}/events`;
    const recurrence = RULES.slice(0, 1);
    for (const series of SERIES.slice(0, some))
      await api.insert(events, { id: series, ...at(1), recurrence });
    for (const single of SINGLES.slice(0, some)) await api.insert(events, { id: single, ...at(1) });
  }
  const scope = { type: 'user', value: guest };
  await api.insert(`calendars/${owner}/acl`, { role: 'reader', scope });
  const specs: WatchSpec[] = [
    { user: owner, resource: 'events', calendarId: owner },
    { user: owner, resource: 'events', calendarId: team, singleEvents: true },
    { user: guest, resource: 'events', calendarId: owner },
    { user: owner, resource: 'acl', calendarId: owner },
    { user: owner, resource: 'calendarList' },
    { user: owner, resource: 'settings' },
  ];
  const watches: string[] = [];
  for (const spec of specs) watches.push(await cloud.register(spec));
  return { cloud, owner, guest, team, specs, watches };
}

/** Performs one step. */
export function perform(world: World, { kind, what }: Step): Promise<void> {
  switch (kind) {
    case 'edit':
      return change(world, what);
    case 'fault':
      return upset(world, what);
    case 'turn':
      return take(world, what);
  }
}

async function take(world: World, turn: Turn): Promise<void> {
  const { cloud, watches } = world;
  switch (turn.do) {
    case 'catchUp':
      await Promise.all(watches.map((watch) => cloud.processed(watch)));
      return;
    case 'renew':
      await cloud.replaceNow(...watches);
      return;
    case 'race':
      await Promise.all([1, 2, 3].map(() => cloud.pushNow(watches[turn.watch] ?? '')));
      return;
    case 'crash':
      return crash(world, turn.when);
  }
}

/** Kills sync while it syncs a changed setting, and starts it again. */
async function crash(
  { cloud, owner, specs, watches }: World,
  when: 'idle' | 'listed' | 'written',
): Promise<void> {
  const watch = watches[specs.findIndex(({ resource }) => resource === 'settings')] ?? '';
  if (when === 'idle') return cloud.restart('sync');
  await cloud.setSetting(owner, 'crash', randomUUID());
  const [listening, come] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const end =
    when === 'listed'
      ? cloud.calendar.journal.subscribe((entry) => {
          if (entry.kind === 'request' && entry.method === 'calendar.settings.list') come.resolve();
        })
      : cloud.firestore.collection(`watches/${watch}/outbox`).onSnapshot(({ size }) => {
          listening.resolve();
          if (size > 0) come.resolve();
        });
  if (when === 'written') await listening.promise;
  const pushed = cloud.pushNow(watch).catch(() => undefined);
  await Promise.race([come.promise, pushed]);
  await cloud.restart('sync');
  await pushed;
  end();
}

async function upset(world: World, fault: Fault): Promise<void> {
  const { calendar } = world.cloud;
  switch (fault.do) {
    case 'expireTokens': {
      const which = fault.calendar && { resource: 'events' as const, calendarId: world[fault.calendar] };
      calendar.store.expireSyncTokens(which ?? undefined);
      return;
    }
    case 'killChannels':
      calendar.channels.kill({ user: world[fault.who] });
      return;
    case 'refuseLists':
    case 'hangUp':
    case 'loseWatchAnswer':
    case 'disturb':
      calendar.faults.add(ruleOf(fault, world[fault.who]));
  }
}

const REFUSED = /: 4\d\d /;

/** Makes an edit by the API, which may reject it. */
async function change(world: World, edit: Edit): Promise<void> {
  try {
    await call(world, edit);
  } catch (error) {
    if (!(error instanceof Error && REFUSED.test(error.message))) throw error;
  }
}

async function call(world: World, edit: Edit): Promise<unknown> {
  const { cloud, owner, guest, team } = world;
  const api = cloud.as(owner);
  const calendarId = 'calendar' in edit ? world[edit.calendar] : owner;
  const events = `calendars/${calendarId}/events`;
  switch (edit.do) {
    case 'insert': {
      const recurrence = SERIES.includes(edit.id) ? { recurrence: [edit.rule] } : {};
      return api.insert(events, { id: edit.id, ...at(edit.hour), ...recurrence });
    }
    case 'rename':
      return api.patch(`${events}/${edit.id}`, { summary: edit.word });
    case 'remind': {
      const overrides = [{ method: 'popup', minutes: edit.minutes }];
      return api.patch(`${events}/${edit.id}`, { reminders: { useDefault: false, overrides } });
    }
    case 'reschedule':
      return api.patch(`${events}/${edit.id}`, at(edit.hour));
    case 'repeat':
      return api.patch(`${events}/${edit.id}`, { recurrence: edit.rule === null ? null : [edit.rule] });
    case 'delete':
      return api.remove(`${events}/${edit.id}`);
    case 'restore':
      return api.patch(`${events}/${edit.id}`, { status: 'confirmed' });
    case 'transfer': {
      const destination = encodeURIComponent(calendarId === owner ? team : owner);
      return api.insert(`${events}/${edit.id}/move?destination=${destination}`, {});
    }
    case 'share': {
      const value = edit.with === 'guest' ? guest : `other-${owner}`;
      return api.insert(`calendars/${owner}/acl`, { role: edit.role, scope: { type: 'user', value } });
    }
    case 'listEntry': {
      const { word: summaryOverride, hidden } = edit;
      return api.patch(`users/me/calendarList/${team}`, { summaryOverride, hidden });
    }
    case 'unlist':
      return api.remove(`users/me/calendarList/${team}`);
    case 'list':
      return api.insert('users/me/calendarList', { id: team });
    case 'setting':
      return cloud.setSetting(owner, edit.id, edit.word);
  }
}

function ruleOf(fault: Exclude<Fault, { do: 'expireTokens' | 'killChannels' }>, user: string): FaultRule {
  const lists = { method: 'calendar.*.list', user };
  switch (fault.do) {
    case 'refuseLists': {
      const reason = fault.status === 403 ? { reason: 'rateLimitExceeded' } : {};
      const effect = { do: 'fail' as const, status: fault.status, ...reason };
      return { on: 'request', match: lists, times: fault.times, effect };
    }
    case 'hangUp': {
      const effect = { do: 'hangUp' as const, when: fault.when };
      return { on: 'request', match: lists, times: fault.times, effect };
    }
    case 'loseWatchAnswer': {
      const match = { method: 'calendar.*.watch', user };
      return { on: 'request', match, times: 1, effect: { do: 'hangUp', when: 'after' } };
    }
    case 'disturb':
      return { on: 'notification', match: { user }, times: fault.times, effect: fault.effect };
  }
}
