import { changeMessage, type Change } from '../../functions/feed/change.ts';
import { clockMessage } from '../../functions/feed/clock-message.ts';
import type { OutgoingMessage } from '../../functions/feed/envelope.ts';
import { watchMessage } from '../../functions/feed/watch-message.ts';
import { replayEndedMessage } from '../../infra/cli/replay/ended.ts';
import { sampleChange } from './sample-change.ts';

/** Messages of every sort that the feed has, by name. Those of events are of one watch. */

const TIME = '2030-01-01T00:00:00.000Z';
const TEAM = {
  user: 'ada@example.com',
  resource: 'events',
  calendarId: 'team@group.calendar.google.com',
} as const;

const change = (more: Partial<Change>, replay?: string): OutgoingMessage =>
  changeMessage({ ...sampleChange({ id: 'review' }, { id: 'review' }), ...more }, 'users/x', replay);
const SNAPSHOT: Partial<Change> = { change: 'snapshot', kinds: [], before: null };
const SETTING: Partial<Change> = { resource: 'settings', calendarId: null, kinds: ['value'] };
const ABOUT = { watchId: 'team', ...TEAM, state: 'active', sequence: 9, occurredAt: TIME } as const;

export const FEED_MESSAGES = {
  created: change({ change: 'created', kinds: [], before: null, sequence: 1 }),
  renamed: change({ kinds: ['renamed'], sequence: 2 }),
  moved: change({ kinds: ['moved', 'responded'], sequence: 3 }),
  'occurrence moved': change({ change: 'created', kinds: ['moved'], before: null, sequence: 4 }),
  'occurrence cancelled': change({ change: 'created', kinds: ['cancelled'], before: null, sequence: 5 }),
  deleted: change({ change: 'deleted', kinds: ['cancelled'], after: null, sequence: 6 }),
  snapshot: change({ ...SNAPSHOT, sequence: 7 }),
  replayed: change({ ...SNAPSHOT, sequence: 7 }, 'replay-1'),
  touched: change({ kinds: ['touched'], sequence: 8 }),
  'moved by ana': change({ watchId: 'ana', user: 'ana@example.com', kinds: ['moved'], sequence: 1 }),
  'acl rule': change({
    watchId: 'team-acl',
    resource: 'acl',
    kinds: ['role'],
    itemId: 'user:bob@example.com',
  }),
  'calendar list': change({
    watchId: 'ada-list',
    resource: 'calendarList',
    kinds: ['renamed'],
    calendarId: null,
  }),
  setting: change({ ...SETTING, watchId: 'ada-settings', itemId: 'timezone' }),
  active: watchMessage(ABOUT, 1),
  paused: watchMessage({ ...ABOUT, state: 'paused', reason: 'forbidden' }, 2),
  synced: watchMessage({ ...ABOUT, items: 4 }, 3),
  'invalid spec': watchMessage(
    { ...ABOUT, user: null, resource: null, calendarId: null, state: 'paused', reason: 'invalidSpec' },
    4,
  ),
  'replay ended': replayEndedMessage(
    { watchId: 'team', replay: 'replay-1', count: 1, sequence: 4 },
    TEAM,
    TIME,
  ),
} as const;

const moment = (user: string, name: string, startsAt: string): OutgoingMessage =>
  clockMessage(
    {
      watchId: user.split('@')[0] ?? '',
      user,
      calendarId: user,
      eventId: 'review',
      moment: name,
      dueAt: startsAt,
      startsAt,
      endsAt: startsAt,
      sequence: 1,
      event: { id: 'review' },
    },
    'users/x',
  );

/** Messages of `calendar-clock`, by name. */
export const CLOCK_MESSAGES = {
  'ten minutes before': moment('ada@example.com', '-PT10M', TIME),
  'the start': moment('ada@example.com', 'start', TIME),
  'the start, of ana': moment('ana@example.com', 'start', TIME),
  'five minutes after': moment('ada@example.com', 'PT5M', TIME),
  'the end': moment('ada@example.com', 'end', TIME),
} as const;
