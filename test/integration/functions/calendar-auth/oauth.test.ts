import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  ADA,
  ADAS_SECRET,
  scopeOf,
  startIdentityBench,
  type IdentityBench,
} from '../../../support/identity/bench.ts';
import { AMBIENT_TOKEN } from '../../../support/identity/reply.ts';
import { CLIENT, PROJECT } from '../../../support/identity/rules.ts';

/** The user's own consent, stored in Secret Manager: its requests, and the problem that each failure yields. */

const TEN_MINUTES = 10 * 60_000;
const CLIENT_SECRET = 'calendar-oauth-client';

let bench: IdentityBench;
beforeEach(async () => {
  bench = await startIdentityBench();
  bench.consent(ADAS_SECRET, '1//first', ADA, 'events', 'acls', 'calendarlist', 'settings');
});
afterEach(() => bench.close());

const reads = (id: string) =>
  bench.of('secrets').filter(({ path }) => path.includes(`/secrets/${id}/`)).length;

describe('a call by consent', () => {
  it.each([
    ['events', 'events'],
    ['acl', 'acls'],
    ['calendarList', 'calendarlist'],
    ['settings', 'settings'],
  ] as const)(
    'for %s uses the user’s refresh token with only the read-only scope of %s',
    async (resource, scope) => {
      expect(await bench.list(bench.start(), 'oauth', resource)).toMatchObject({ ok: true });
      expect(bench.of('secrets').map(({ method, path, bearer }) => ({ method, path, bearer }))).toEqual(
        [CLIENT_SECRET, ADAS_SECRET].map((id) => ({
          method: 'GET',
          path: `/secrets/v1/projects/${PROJECT}/secrets/${id}/versions/latest:access`,
          bearer: AMBIENT_TOKEN,
        })),
      );
      const [exchange] = bench.of('token');
      expect(Object.fromEntries(new URLSearchParams(exchange?.body))).toEqual({
        grant_type: 'refresh_token',
        refresh_token: '1//first',
        scope: scopeOf(scope),
        ...CLIENT,
      });
      const [call] = bench.of('api');
      expect(bench.holder(call?.bearer ?? '')).toMatchObject({ user: ADA, scope: scopeOf(scope) });
    },
  );

  it('for "me" uses the consent that is stored under that name', async () => {
    bench.consent('calendar-oauth-user-me', '1//mine', 'owner@example.com', 'events');
    expect(await bench.list(bench.start(), 'oauth', 'events', 'me')).toMatchObject({ ok: true });
    expect(bench.holder(bench.of('api')[0]?.bearer ?? '')).toMatchObject({ user: 'owner@example.com' });
  });

  it.each([
    ['for a web client', { web: CLIENT }],
    ['for a desktop client', { installed: CLIENT }],
    ['as a plain object', CLIENT],
  ])('accepts the client’s id and secret %s, with white space around', async (_, value) => {
    bench.state.secrets.set(CLIENT_SECRET, `\n${JSON.stringify(value, null, 2)}\n`);
    bench.state.secrets.set(ADAS_SECRET, '1//first\n');
    expect(await bench.list(bench.start(), 'oauth')).toMatchObject({ ok: true });
  });

  it('reads secrets once for all resources of a user, and again after ten minutes', async () => {
    const client = bench.start();
    await Promise.all([bench.list(client, 'oauth', 'events'), bench.list(client, 'oauth', 'acl')]);
    await bench.list(client, 'oauth', 'settings');
    expect([reads(CLIENT_SECRET), reads(ADAS_SECRET)]).toEqual([1, 1]);
    bench.state.advance(TEN_MINUTES);
    await bench.list(client, 'oauth', 'calendarList');
    expect([reads(CLIENT_SECRET), reads(ADAS_SECRET)]).toEqual([2, 2]);
  });

  it('reads a replaced refresh token at once when the previous one is revoked', async () => {
    const client = bench.start();
    await bench.list(client, 'oauth', 'events');
    bench.state.consents.clear();
    bench.consent(ADAS_SECRET, '1//second', ADA, 'acls');
    expect(await bench.list(client, 'oauth', 'acl')).toMatchObject({ ok: true });
  });

  it('reads a replaced client secret at once when the previous one is rejected', async () => {
    bench.state.secrets.set(CLIENT_SECRET, JSON.stringify({ ...CLIENT, client_secret: 'GOCSPX-before' }));
    const client = bench.start();
    expect(await bench.list(client, 'oauth')).toMatchObject({
      problem: { kind: 'accessDenied', reason: 'invalid_client' },
    });
    bench.state.secrets.set(CLIENT_SECRET, JSON.stringify(CLIENT));
    expect(await bench.list(client, 'oauth')).toMatchObject({ ok: true });
  });

  it('is denied once consent is revoked, and recovers when it is given again', async () => {
    const client = bench.start();
    await bench.list(client, 'oauth');
    bench.state.consents.clear();
    bench.state.tokens.clear();
    const denied = { problem: { kind: 'accessDenied', reason: 'invalid_grant' } };
    expect(await bench.list(client, 'oauth')).toMatchObject(denied);
    expect(await bench.list(client, 'oauth')).toMatchObject(denied);
    bench.consent(ADAS_SECRET, '1//second', ADA, 'events');
    expect(await bench.list(client, 'oauth')).toMatchObject({ ok: true });
  });

  it('is denied only for a resource whose scope the consent does not include', async () => {
    const client = bench.start();
    bench.consent(ADAS_SECRET, '1//narrow', ADA, 'events');
    expect(await bench.list(client, 'oauth', 'acl')).toMatchObject({
      problem: { kind: 'accessDenied', reason: 'invalid_scope' },
    });
    expect(await bench.list(client, 'oauth', 'events')).toMatchObject({ ok: true });
  });
});

describe('an unusable secret is named in the problem:', () => {
  it.each([
    ['missing', 'secretNotFound', ADAS_SECRET, () => void bench.state.secrets.delete(ADAS_SECRET)],
    ['missing', 'secretNotFound', CLIENT_SECRET, () => void bench.state.secrets.delete(CLIENT_SECRET)],
    ['denied', 'secretDenied', ADAS_SECRET, () => void bench.state.deniedSecrets.add(ADAS_SECRET)],
    ['denied', 'secretDenied', CLIENT_SECRET, () => void bench.state.deniedSecrets.add(CLIENT_SECRET)],
    ['disabled', 'secretUnusable', ADAS_SECRET, () => void bench.state.secrets.set(ADAS_SECRET, null)],
    ['empty', 'secretUnusable', ADAS_SECRET, () => void bench.state.secrets.set(ADAS_SECRET, ' ')],
    [
      'not a token',
      'secretUnusable',
      ADAS_SECRET,
      () => void bench.state.secrets.set(ADAS_SECRET, '{ "a": 1 }'),
    ],
    [
      'not JSON',
      'secretUnusable',
      CLIENT_SECRET,
      () => void bench.state.secrets.set(CLIENT_SECRET, 'id:secret'),
    ],
    [
      'not a client',
      'secretUnusable',
      CLIENT_SECRET,
      () => void bench.state.secrets.set(CLIENT_SECRET, '{}'),
    ],
  ])('%s yields %s (%s)', async (_, reason, id, spoil) => {
    const client = bench.start();
    const before = [bench.state.secrets.get(CLIENT_SECRET), bench.state.secrets.get(ADAS_SECRET)] as const;
    spoil();
    expect(await bench.list(client, 'oauth')).toMatchObject({
      problem: { kind: 'accessDenied', reason, detail: expect.stringContaining(id) },
    });
    expect(bench.of('token')).toEqual([]);
    // Once fixed, it is read at the next call.
    bench.state.deniedSecrets.clear();
    bench.state.secrets.set(CLIENT_SECRET, before[0] ?? '').set(ADAS_SECRET, before[1] ?? '');
    expect(await bench.list(client, 'oauth')).toMatchObject({ ok: true });
  });
});
