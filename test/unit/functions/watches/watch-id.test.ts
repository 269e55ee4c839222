/** The default id of a watch. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RESOURCES } from '../../../../functions/calendar/resources.ts';
import { isWatchId } from '../../../../functions/watches/channel-token.ts';
import { watchIdOf, watchIdsOf } from '../../../../functions/watches/watch-id.ts';
import { anyText } from '../../../support/any-text.ts';

const ANA = { user: 'ana@example.com', resource: 'events' } as const;

test('a calendar called primary or by its own id is one watch', () => {
  expect(watchIdOf({ ...ANA, calendarId: 'primary' })).toBe(watchIdOf({ ...ANA, calendarId: ANA.user }));
});

test('an id names user, resource and calendar, and differs for similar ones', () => {
  const ids = ['team@a.com', 'team@b.com'].map((calendarId) => watchIdOf({ ...ANA, calendarId }));
  expect(new Set(ids).size).toBe(2);
  for (const id of ids) expect(id).toMatch(/^ana-events-team-[0-9a-f]{16}$/);
});

test('users whose 24-bit hashes collided have ids of their own', () => {
  const users = Array.from({ length: 8_000 }, (_, index) => ({
    ...ANA,
    user: `ana@company${String(index)}.com`,
  }));
  const former = Map.groupBy(users, (each) => watchIdsOf(each)[1]);
  const alike = [...former.values()].filter(({ length }) => length > 1).flat();
  expect(alike.length).toBeGreaterThan(0);
  expect(new Set(alike.map(watchIdOf)).size).toBe(alike.length);
});

test('the ids of a collection are the current one, then that of earlier versions', () => {
  const team = { ...ANA, calendarId: 'team@group.calendar.google.com' };
  expect(watchIdsOf(team)).toEqual([watchIdOf(team), 'ana-events-team-797d6c']);
});

test('the id is valid whatever the user and calendar are called', () => {
  const text = anyText({ minLength: 1 });
  fc.assert(
    fc.property(text, fc.constantFrom(...RESOURCES), fc.option(text), (user, resource, calendarId) => {
      expect(isWatchId(watchIdOf({ user, resource, calendarId: calendarId ?? undefined }))).toBe(true);
    }),
  );
});
