import { describe, expect, test } from 'vitest';
import { requireUnchanged, unlessUnchanged } from '../../../infra/emulator/api/conditionals.ts';
import { CalendarError } from '../../../infra/emulator/protocol/http.ts';
import { createRouter } from '../../../infra/emulator/api/router.ts';
import type { Answer, Call, Route } from '../../../infra/emulator/protocol/http.ts';

const callWith = (headers: Call['headers']): Call => ({
  user: 'ada@example.com',
  params: { id: '1' },
  query: new URLSearchParams(),
  body: { summary: 'new' },
  headers,
  baseUrl: 'http://127.0.0.1/calendar/v3',
});

const thing = { id: 'get', method: 'GET', path: '/things/:id' } as const;

const present: Answer = { status: 200, body: { etag: '"a"' } };

function missing(): never {
  throw new CalendarError(404, { domain: 'global', reason: 'notFound', message: 'Not Found' });
}

function broken(): never {
  throw new TypeError('broken');
}

describe('If-None-Match', () => {
  test.each([
    ['the current version', '"a"', 304],
    ['another version', '"b"', 200],
    ['several versions, one of them current', '"b", "a"', 304],
    ['the weak form', 'W/"a"', 304],
    ['anything', '*', 304],
    ['nothing', undefined, 200],
  ])('with %s (%s) is answered %i', (_name, condition, status) => {
    const answer = unlessUnchanged(present, callWith({ 'if-none-match': condition }));
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual(status === 304 ? undefined : present.body);
  });
});

async function outcome(handle: Route['handle'], condition: string | undefined, path = '/things/1') {
  const router = createRouter([{ ...thing, handle }]);
  try {
    await requireUnchanged(router, path, callWith({ 'if-match': condition }));
    return 'passes';
  } catch (error) {
    return error instanceof CalendarError ? error.detail.reason : 'fails';
  }
}

describe('If-Match', () => {
  test.each([
    ['the current version passes', '"a"', 'passes'],
    ['another version is rejected', '"b"', 'conditionNotMet'],
    ['anything passes', '*', 'passes'],
    ['nothing passes', undefined, 'passes'],
  ])('with %s', async (_name, condition, expected) => {
    expect(await outcome(() => present, condition)).toBe(expected);
  });

  test('on a missing resource leaves the error to the change itself', async () => {
    expect(await outcome(missing, '"a"')).toBe('passes');
  });

  test('on a path without a GET route has no effect', async () => {
    expect(await outcome(() => present, '"b"', '/others/1')).toBe('passes');
  });

  test('does not hide an unexpected error', async () => {
    expect(await outcome(broken, '"a"')).toBe('fails');
  });
});
