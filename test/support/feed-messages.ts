import { changeMessage, type Change } from '../../functions/feed/change.ts';
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
const settings = { watchId: 'ada-settings', resource: 'settings', calendarId: null } as const;
const ABOUT = { watchId: 'team', ...TEAM, state: 'active', sequence: 8, occurredAt: TIME } as const;

export const FEED_MESSAGES = {
  created: change({ change: 'created', before: null, sequence: 1 }),
  updated: change({ sequence: 2 }),
  deleted: change({ change: 'deleted', after: null, sequence: 3 }),
  snapshot: change({ change: 'snapshot', before: null, sequence: 4 }),
  replayed: change({ change: 'snapshot', before: null, sequence: 4 }, 'replay-1'),
  'event of bob': change({ watchId: 'bob', user: 'bob@example.com', sequence: 1 }),
  'acl rule': change({ watchId: 'team-acl', resource: 'acl', itemId: 'user:bob@example.com' }),
  'calendar list': change({ watchId: 'ada-list', resource: 'calendarList', calendarId: null }),
  setting: change({ ...settings, itemId: 'timezone' }),
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
