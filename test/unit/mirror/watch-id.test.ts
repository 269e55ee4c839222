/** The id of a watch that nobody has named. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RESOURCES } from '../../../functions/calendar/resources.ts';
import { isWatchId } from '../../../functions/channel/token.ts';
import { watchIdOf } from '../../../functions/mirror/watch-id.ts';

const ANA = { user: 'ana@example.com', resource: 'events' } as const;

test('a calendar called primary or by its own id is one watch', () => {
  expect(watchIdOf({ ...ANA, calendarId: 'primary' })).toBe(watchIdOf({ ...ANA, calendarId: ANA.user }));
});

test('an id names user, resource and calendar, and tells alike ones apart', () => {
  const ids = ['team@a.com', 'team@b.com'].map((calendarId) => watchIdOf({ ...ANA, calendarId }));
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(id).toMatch(/^ana-events-team-[0-9a-f]{6}$/);
});

test('whatever user and calendar are called, the id is one that a watch can have', () => {
  const text = fc.string({ unit: 'binary', minLength: 1 });
  fc.assert(
    fc.property(text, fc.constantFrom(...RESOURCES), fc.option(text), (user, resource, calendarId) => {
      expect(isWatchId(watchIdOf({ user, resource, calendarId: calendarId ?? undefined }))).toBe(true);
    }),
  );
});
