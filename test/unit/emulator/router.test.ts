import { describe, expect, test } from 'vitest';
import { createRouter } from '../../../infra/emulator/api/router.ts';
import type { Route } from '../../../infra/emulator/protocol/http.ts';

const route = (id: string, method: Route['method'], path: string): Route => ({
  id,
  method,
  path,
  handle: () => ({ status: 200 }),
});

const router = createRouter([
  route('event', 'GET', '/calendars/:calendarId/events/:eventId'),
  route('other', 'POST', '/calendars/:calendarId/events/:eventId'),
  route('import', 'POST', '/calendars/:calendarId/events/import'),
  route('colors', 'GET', '/colors'),
]);

describe('a request is routed', () => {
  test.each([
    ['by path', 'GET', '/colors', 'colors', {}],
    [
      'with decoded parameters',
      'GET',
      '/calendars/a%40b/events/x%2Fy',
      'event',
      { calendarId: 'a@b', eventId: 'x/y' },
    ],
    [
      'to a literal segment rather than a parameter',
      'POST',
      '/calendars/c/events/import',
      'import',
      { calendarId: 'c' },
    ],
    [
      'to a parameter for another method',
      'GET',
      '/calendars/c/events/import',
      'event',
      { calendarId: 'c', eventId: 'import' },
    ],
  ])('%s', (_name, method, path, id, params) => {
    const match = router(method, path);
    expect(match?.route.id).toBe(id);
    expect(match?.params).toEqual(params);
  });

  test.each([
    ['an unknown path', 'GET', '/nothing'],
    ['an unknown method', 'PATCH', '/colors'],
    ['a longer path', 'GET', '/colors/1'],
    ['an empty parameter', 'GET', '/calendars//events/x'],
    ['a malformed escape', 'GET', '/calendars/%zz/events/x'],
  ])('nowhere for %s', (_name, method, path) => {
    expect(router(method, path)).toBeUndefined();
  });
});
