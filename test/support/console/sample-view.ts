import type { WatchView } from '../../../infra/console/model/watch-view.ts';

/** Returns an active watch as the console shows it, with these fields changed. */
export const sampleView = (fields: Partial<WatchView> = {}): WatchView => ({
  id: 'a',
  user: 'ana@example.com',
  resource: 'events',
  calendarId: 'ana@example.com',
  state: 'active',
  reason: null,
  detail: null,
  fix: null,
  sequence: 1,
  channel: null,
  completedAt: null,
  startedAt: null,
  syncing: null,
  failures: 0,
  error: null,
  nextCheckAt: null,
  skippedItems: [],
  followedBy: null,
  clock: false,
  ...fields,
});
