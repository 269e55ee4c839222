import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ADA, ADAS_SECRET, startIdentityBench, type IdentityBench } from '../../../support/identity/bench.ts';
import type { Disturbance } from '../../../support/identity/server.ts';

/** An outage of a service that issues credentials is temporary: it says nothing about the user. */

let bench: IdentityBench;
beforeEach(async () => {
  bench = await startIdentityBench();
  bench.delegate(ADA, 'events');
  bench.consent(ADAS_SECRET, '1//token', ADA, 'events');
});
afterEach(() => bench.close());

const away = () => Promise.reject(new Error('the metadata server is away'));

/** Every attempt failed for the same reason. */
const failed = (reason: string) => {
  const problem = { kind: 'temporary', reason, notApplied: true };
  return { ok: false, problem, failedAttempts: [problem, problem, problem, problem] };
};

const SERVICES = [
  ['delegation', 'token', 'tokenEndpointUnavailable'],
  ['delegation', 'iam', 'iamCredentialsUnavailable'],
  ['oauth', 'token', 'tokenEndpointUnavailable'],
  ['oauth', 'secrets', 'secretManagerUnavailable'],
] as const;
const FAILURES: readonly (readonly [string, Disturbance])[] = [
  ['500', { status: 500, body: { error: 'internal_failure' } }],
  ['503', { status: 503, body: '<html>try again</html>' }],
  ['429', { status: 429, body: { error: { code: 429, status: 'RESOURCE_EXHAUSTED' } } }],
  ['200 with a page of HTML', { status: 200, body: '<html>sign in</html>' }],
  ['no answer', 'hangUp'],
];
const CASES = SERVICES.flatMap(([mode, service, reason]) =>
  FAILURES.map(([name, disturbance]) => ({ mode, service, reason, name, disturbance })),
);

describe('an outage', () => {
  it.each(CASES)('of $service ($mode): $name is temporary, and calls recover after it', async (each) => {
    const client = bench.start();
    bench.disturbances.set(each.service, each.disturbance);
    expect(await bench.list(client, each.mode)).toEqual(failed(each.reason));
    // Five attempts; with oauth, one of the two secrets may be requested once more.
    expect(bench.of(each.service).length).toBeGreaterThanOrEqual(5);
    expect(bench.of('api')).toEqual([]);
    bench.disturbances.clear();
    expect(await bench.list(client, each.mode)).toMatchObject({ ok: true });
  });

  it('before a watch call is retried, as the call was certainly not made', async () => {
    bench.disturbances.set('token', { status: 503, body: '' });
    expect(await bench.watch(bench.start(), 'oauth')).toMatchObject({ problem: { kind: 'temporary' } });
    expect(bench.of('token')).toHaveLength(5);
  });

  it.each(['delegation', 'oauth'] as const)(
    'that starts when a token has a few minutes left has no effect until it expires (%s)',
    async (mode) => {
      const client = bench.start();
      await bench.list(client, mode);
      bench.disturbances.set('token', 'hangUp');
      bench.state.advance(56 * 60_000);
      expect(await bench.list(client, mode)).toMatchObject({ ok: true });
      bench.state.advance(4 * 60_000);
      expect(await bench.list(client, mode)).toMatchObject({ problem: { kind: 'temporary' } });
    },
  );

  it.each(['delegation', 'oauth'] as const)(
    'of the function’s own identity is temporary (%s)',
    async (mode) => {
      expect(await bench.list(bench.start({ token: away, email: away }), mode)).toEqual(
        failed('ambientCredentialsUnavailable'),
      );
      const stale = { ...bench.ambient, token: () => Promise.resolve('revoked') };
      expect(await bench.list(bench.start(stale), mode)).toMatchObject({ problem: { kind: 'temporary' } });
    },
  );
});

it('a retryable error of the token endpoint is temporary', async () => {
  for (const error of ['temporarily_unavailable', 'server_error', 'rate_limit_exceeded']) {
    bench.disturbances.set('token', { status: 403, body: { error } });
    expect(await bench.list(bench.start(), 'oauth')).toMatchObject({ problem: { kind: 'temporary' } });
  }
});
