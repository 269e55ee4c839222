import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ADA, ADAS_SECRET, startIdentityBench, type IdentityBench } from '../../../support/identity/bench.ts';

/** How long an access token is used, and what happens when Google rejects it; the same for both kinds of consent. */

const MINUTE = 60_000;

let bench: IdentityBench;
beforeEach(async () => {
  bench = await startIdentityBench();
  bench.delegate(ADA, 'events', 'settings');
  bench.consent(ADAS_SECRET, '1//token', ADA, 'events', 'settings');
});
afterEach(() => bench.close());

const exchanges = (): number => bench.of('token').length;
const calls = (): number => bench.of('api').length;
const OK = { ok: true };
const limited = { status: 403, body: { error: { errors: [{ reason: 'rateLimitExceeded' }] } } };

describe.each(['delegation', 'oauth'] as const)('an access token (%s)', (mode) => {
  it('is reused until it has five minutes left, then replaced', async () => {
    const client = bench.start();
    await bench.list(client, mode);
    bench.state.advance(54 * MINUTE);
    expect(await bench.list(client, mode)).toMatchObject(OK);
    expect(exchanges()).toBe(1);
    bench.state.advance(MINUTE);
    expect(await bench.list(client, mode)).toMatchObject(OK);
    expect(exchanges()).toBe(2);
    bench.state.advance(120 * MINUTE);
    expect(await bench.list(client, mode)).toMatchObject(OK);
    expect(exchanges()).toBe(3);
    expect(calls()).toBe(4);
  });

  it('is fetched once for concurrent calls', async () => {
    const client = bench.start();
    const answers = await Promise.all(Array.from({ length: 20 }, () => bench.list(client, mode)));
    for (const answer of answers) expect(answer).toMatchObject(OK);
    expect([exchanges(), calls()]).toEqual([1, 20]);
  });

  it('is specific to the user and the resource', async () => {
    const bob = 'bob@example.com';
    bench.delegate(bob);
    bench.consent('calendar-oauth-user-bob_40example_2Ecom', '1//bobs', bob, 'events');
    const client = bench.start();
    await bench.list(client, mode, 'events');
    await bench.list(client, mode, 'settings');
    await bench.list(client, mode, 'events', bob);
    expect(exchanges()).toBe(3);
    expect(bench.of('api').map(({ bearer }) => bench.holder(bearer ?? '')?.user)).toEqual([ADA, ADA, bob]);
  });

  it('that is revoked early is replaced within the call, once for all concurrent calls', async () => {
    const client = bench.start();
    await bench.list(client, mode);
    bench.state.tokens.clear();
    const answers = await Promise.all(Array.from({ length: 10 }, () => bench.list(client, mode)));
    for (const answer of answers) expect(answer).toMatchObject(OK);
    expect([exchanges(), calls()]).toEqual([2, 21]);
  });

  it('that is revoked early is replaced within a watch call too', async () => {
    const client = bench.start();
    await bench.list(client, mode);
    bench.state.tokens.clear();
    expect(await bench.watch(client, mode)).toMatchObject(OK);
    expect(exchanges()).toBe(2);
  });

  it('is replaced once per call if Google rejects every token', async () => {
    const authError = { error: { errors: [{ reason: 'authError' }] } };
    bench.disturbances.set('api', { status: 401, body: authError });
    expect(await bench.list(bench.start(), mode)).toMatchObject({
      problem: { kind: 'accessDenied', reason: 'authError' },
    });
    expect([exchanges(), calls()]).toEqual([2, 2]);
  });

  it('is kept after a 403, for a rate limit as for denied access', async () => {
    const client = bench.start();
    bench.disturbances.set('api', limited);
    expect(await bench.list(client, mode)).toMatchObject({ problem: { kind: 'temporary' } });
    bench.disturbances.set('api', { status: 403, body: { error: { errors: [{ reason: 'forbidden' }] } } });
    expect(await bench.list(client, mode)).toMatchObject({
      problem: { kind: 'accessDenied', reason: 'forbidden' },
    });
    expect(exchanges()).toBe(1);
  });

  it('is kept after a 401 about the channel’s address', async () => {
    const body = { error: { errors: [{ reason: 'push.webhookUrlUnauthorized' }] } };
    bench.disturbances.set('api', { status: 401, body });
    expect(await bench.watch(bench.start(), mode)).toMatchObject({
      problem: { kind: 'accessDenied', reason: 'push.webhookUrlUnauthorized' },
    });
    expect([exchanges(), calls()]).toEqual([1, 1]);
  });

  it('without a lifetime is used once', async () => {
    const client = bench.start();
    const token = { access_token: 'ya29.short', token_type: 'Bearer' };
    bench.state.tokens.set('ya29.short', { user: ADA, scope: '', expiresAt: Infinity });
    bench.disturbances.set('token', { status: 200, body: token });
    await bench.list(client, mode);
    await bench.list(client, mode);
    expect(exchanges()).toBe(2);
  });
});
