import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  ADA,
  ADAS_SECRET,
  scopeOf,
  startIdentityBench,
  type IdentityBench,
} from '../../support/identity/bench.ts';
import { AMBIENT_TOKEN, CLIENT, PROJECT } from '../../support/identity/rules.ts';

/** Users' own consent, kept in Secret Manager: what is read and asked, and what comes of each refusal. */

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
    'for %s uses the user’s refresh token for the read-only scope of %s alone',
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

  it('for "me" uses the consent that is kept under that name', async () => {
    bench.consent('calendar-oauth-user-me', '1//mine', 'owner@example.com', 'events');
    expect(await bench.list(bench.start(), 'oauth', 'events', 'me')).toMatchObject({ ok: true });
    expect(bench.holder(bench.of('api')[0]?.bearer ?? '')).toMatchObject({ user: 'owner@example.com' });
  });

  it.each([
    ['for a web client', { web: CLIENT }],
    ['for a desktop client', { installed: CLIENT }],
    ['bare', CLIENT],
  ])('takes the client’s id and secret %s, and any white space around', async (_, value) => {
    bench.state.secrets.set(CLIENT_SECRET, `\n${JSON.stringify(value, null, 2)}\n`);
    bench.state.secrets.set(ADAS_SECRET, '1//first\n');
    expect(await bench.list(bench.start(), 'oauth')).toMatchObject({ ok: true });
  });

  it('reads secrets once for all resources of a user, and again when they are ten minutes old', async () => {
    const client = bench.start();
    await Promise.all([bench.list(client, 'oauth', 'events'), bench.list(client, 'oauth', 'acl')]);
    await bench.list(client, 'oauth', 'settings');
    expect([reads(CLIENT_SECRET), reads(ADAS_SECRET)]).toEqual([1, 1]);
    bench.state.advance(TEN_MINUTES);
    await bench.list(client, 'oauth', 'calendarList');
    expect([reads(CLIENT_SECRET), reads(ADAS_SECRET)]).toEqual([2, 2]);
  });

  it('finds a refresh token that has been replaced at once, when the one before is revoked', async () => {
    const client = bench.start();
    await bench.list(client, 'oauth', 'events');
    bench.state.consents.clear();
    bench.consent(ADAS_SECRET, '1//second', ADA, 'acls');
    expect(await bench.list(client, 'oauth', 'acl')).toMatchObject({ ok: true });
  });

  it('finds a client secret that has been replaced at once, when the one before is taken no more', async () => {
    bench.state.secrets.set(CLIENT_SECRET, JSON.stringify({ ...CLIENT, client_secret: 'GOCSPX-before' }));
    const client = bench.start();
    expect(await bench.list(client, 'oauth')).toMatchObject({
      problem: { kind: 'refused', reason: 'invalid_client' },
    });
    bench.state.secrets.set(CLIENT_SECRET, JSON.stringify(CLIENT));
    expect(await bench.list(client, 'oauth')).toMatchObject({ ok: true });
  });

  it('is refused once consent is revoked, and recovers when it is given again', async () => {
    const client = bench.start();
    await bench.list(client, 'oauth');
    bench.state.consents.clear();
    bench.state.tokens.clear();
    const refused = { problem: { kind: 'refused', reason: 'invalid_grant' } };
    expect(await bench.list(client, 'oauth')).toMatchObject(refused);
    expect(await bench.list(client, 'oauth')).toMatchObject(refused);
    bench.consent(ADAS_SECRET, '1//second', ADA, 'events');
    expect(await bench.list(client, 'oauth')).toMatchObject({ ok: true });
  });

  it('is refused for a resource whose scope the consent does not include, and for no other', async () => {
    const client = bench.start();
    bench.consent(ADAS_SECRET, '1//narrow', ADA, 'events');
    expect(await bench.list(client, 'oauth', 'acl')).toMatchObject({
      problem: { kind: 'refused', reason: 'invalid_scope' },
    });
    expect(await bench.list(client, 'oauth', 'events')).toMatchObject({ ok: true });
  });
});

describe('a secret that cannot be used is named:', () => {
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
  ])('%s is %s (%s)', async (_, reason, id, spoil) => {
    const client = bench.start();
    const before = [bench.state.secrets.get(CLIENT_SECRET), bench.state.secrets.get(ADAS_SECRET)] as const;
    spoil();
    expect(await bench.list(client, 'oauth')).toMatchObject({
      problem: { kind: 'refused', reason, detail: expect.stringContaining(id) },
    });
    expect(bench.of('token')).toEqual([]);
    // Put right, it is found at the next call.
    bench.state.deniedSecrets.clear();
    bench.state.secrets.set(CLIENT_SECRET, before[0] ?? '').set(ADAS_SECRET, before[1] ?? '');
    expect(await bench.list(client, 'oauth')).toMatchObject({ ok: true });
  });
});
