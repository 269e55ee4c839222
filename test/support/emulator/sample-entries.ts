import type { NotificationEntry, RequestEntry } from '../../../infra/emulator/journal/journal.ts';

/** Entries of a journal, with these fields changed. */
export const sampleRequest = (fields: Partial<RequestEntry> = {}): RequestEntry => ({
  kind: 'request',
  id: 'request-1',
  time: 0,
  method: 'calendar.events.list',
  httpMethod: 'GET',
  path: '/calendar/v3/calendars/primary/events',
  query: {},
  user: 'ada@example.com',
  status: 200,
  ms: 1,
  ...fields,
});

export const sampleNotification = (fields: Partial<NotificationEntry> = {}): NotificationEntry => ({
  kind: 'notification',
  time: 0,
  channelId: 'c1',
  resourceId: 'r1',
  resource: 'events',
  user: 'ada@example.com',
  number: 1,
  state: 'sync',
  attempt: 1,
  fate: 'delivered',
  ms: 1,
  ...fields,
});
