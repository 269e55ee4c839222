import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ADA, scopeOf, startIdentityBench, type IdentityBench } from '../../../support/identity/bench.ts';
import { AMBIENT_TOKEN } from '../../../support/identity/reply.ts';
import { SERVICE_ACCOUNT } from '../../../support/identity/rules.ts';

/** Keyless domain-wide delegation: its requests, and the problem that each failure yields. */

let bench: IdentityBench;
beforeEach(async () => {
  bench = await startIdentityBench();
  bench.delegate(ADA, 'events', 'acls', 'calendarlist', 'settings');
});
afterEach(() => bench.close());

describe('a call by delegation', () => {
  it.each([
    ['events', 'events'],
    ['acl', 'acls'],
    ['calendarList', 'calendarlist'],
    ['settings', 'settings'],
  ] as const)('for %s is made as the user with only the read-only scope of %s', async (resource, scope) => {
    const before = Math.floor(bench.state.now() / 1000);
    expect(await bench.list(bench.start(), 'delegation', resource)).toMatchObject({ ok: true });

    const [signing] = bench.of('iam');
    expect(signing).toMatchObject({
      method: 'POST',
      path: `/iam/v1/projects/-/serviceAccounts/${encodeURIComponent(SERVICE_ACCOUNT)}:signJwt`,
      bearer: AMBIENT_TOKEN,
    });
    const { payload } = JSON.parse(signing?.body ?? '');
    const { iat, exp, ...claims } = JSON.parse(payload);
    expect(claims).toEqual({
      iss: SERVICE_ACCOUNT,
      sub: ADA,
      scope: scopeOf(scope),
      aud: `${bench.url}/token`,
    });
    expect(exp - iat).toBe(3600);
    expect(before - iat).toBeGreaterThanOrEqual(59);
    expect(before - iat).toBeLessThanOrEqual(60);

    const [exchange] = bench.of('token');
    expect(exchange?.bearer).toBeUndefined();
    expect(Object.keys(Object.fromEntries(new URLSearchParams(exchange?.body)))).toEqual([
      'grant_type',
      'assertion',
    ]);
    const [call] = bench.of('api');
    expect(bench.holder(call?.bearer ?? '')).toMatchObject({ user: ADA, scope: scopeOf(scope) });
  });

  it('is signed by the account in DELEGATION_SERVICE_ACCOUNT', async () => {
    const other = 'another@demo-project.iam.gserviceaccount.com';
    const configured = await startIdentityBench({ DELEGATION_SERVICE_ACCOUNT: other });
    const answer = await configured.list(configured.start(), 'delegation');
    expect(configured.of('iam')[0]?.path).toContain(encodeURIComponent(other));
    expect(answer).toMatchObject({
      problem: {
        kind: 'accessDenied',
        reason: 'serviceAccountNotFound',
        detail: expect.stringContaining(other),
      },
    });
    await configured.close();
  });

  it('is denied while the function may not sign for the account, and recovers', async () => {
    const client = bench.start();
    bench.state.maySign = false;
    expect(await bench.list(client, 'delegation')).toMatchObject({
      problem: {
        kind: 'accessDenied',
        reason: 'signJwtDenied',
        detail: expect.stringContaining(SERVICE_ACCOUNT),
      },
    });
    bench.state.maySign = true;
    expect(await bench.list(client, 'delegation')).toMatchObject({ ok: true });
  });

  it('is denied while the domain has not granted the scope, and recovers', async () => {
    const client = bench.start();
    bench.state.delegated.delete(scopeOf('events'));
    expect(await bench.list(client, 'delegation')).toMatchObject({
      problem: { kind: 'accessDenied', reason: 'unauthorized_client' },
    });
    expect(await bench.list(client, 'delegation', 'acl')).toMatchObject({ ok: true });
    bench.state.delegated.add(scopeOf('events'));
    expect(await bench.list(client, 'delegation')).toMatchObject({ ok: true });
  });

  it('is denied for an account that is not in the domain', async () => {
    expect(await bench.list(bench.start(), 'delegation', 'events', 'unknown@example.com')).toMatchObject({
      problem: { kind: 'accessDenied', reason: 'invalid_grant' },
    });
  });

  it('is invalid for "me", without any request', async () => {
    expect(await bench.list(bench.start(), 'delegation', 'calendarList', 'me')).toMatchObject({
      problem: { kind: 'invalid', reason: 'userNeeded', detail: expect.stringContaining('spec.user') },
    });
    expect(bench.requests).toEqual([]);
  });

  it('is denied if the function does not run as a service account and none is configured', async () => {
    const client = bench.start({ ...bench.ambient, email: () => Promise.resolve('') });
    expect(await bench.list(client, 'delegation')).toMatchObject({
      problem: {
        kind: 'accessDenied',
        reason: 'serviceAccountUnknown',
        detail: expect.stringContaining('DELEGATION_SERVICE_ACCOUNT'),
      },
    });
  });
});
