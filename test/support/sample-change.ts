import type { Change } from '../../functions/feed/change.ts';

/** Returns a change of one event, with its contents before and after. */
export const sampleChange = (before: Change['before'], after: Change['after']): Change => ({
  watchId: 'team',
  user: 'ada@example.com',
  resource: 'events',
  calendarId: 'team@group.calendar.google.com',
  itemId: 'review',
  change: 'updated',
  kinds: ['other'],
  sequence: 7,
  before,
  after,
  occurredAt: '2030-01-01T00:00:00.000Z',
});
