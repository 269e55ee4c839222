import { inspect } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';

import { crc32c, tokenPath } from '../../../../functions/calendar/auth/tokens.ts';
import { encryptToken } from '../../../../infra/cli/tokens/kms.ts';
import { ADA, startIdentityBench, type IdentityBench } from '../../../support/identity/bench.ts';
import { KMS_KEY } from '../../../support/identity/kms.ts';
import { AMBIENT_TOKEN } from '../../../support/identity/reply.ts';
import type { Disturbance } from '../../../support/identity/server.ts';

/** Refresh tokens in Firestore, encrypted with Cloud KMS: what is requested, and the problem that each failure yields. */

const BEN = 'ben@example.com';
const OTHER_KEY = KMS_KEY.replace('europe-west1', 'us-central1');

let bench: IdentityBench;
beforeEach(async () => {
  bench = await startIdentityBench({ OAUTH_TOKEN_STORE: 'firestore', OAUTH_KMS_KEY: KMS_KEY });
  bench.consent('calendar-oauth-user-of-none', '1//first', ADA, 'events', 'acls', 'settings');
  await seal(ADA, '1//first');
});
afterEach(() => bench.close());

/** Stores a user's token as `calendar-mirror login` does. */
async function seal(user: string, token: string, key = KMS_KEY): Promise<void> {
  const place = { rootUrl: bench.environment.KMS_ROOT_URL, ambient: bench.ambient, key };
  bench.stored.set(tokenPath(user), { user, ...(await encryptToken(place, user, token)) });
}

const decrypts = () => bench.of('kms').filter(({ path }) => path.endsWith(':decrypt'));
const denied = (reason: string, detail: RegExp) => ({
  problem: { kind: 'accessDenied', reason, detail: expect.stringMatching(detail) },
});
const TEMPORARY = { problem: { kind: 'temporary', reason: 'kmsUnavailable', notApplied: true } };

describe('a call by consent', () => {
  it('decrypts the user’s token with the user as authenticated data, and with checksums', async () => {
    expect(await bench.list(bench.start(), 'oauth')).toMatchObject({ ok: true });
    const [request] = decrypts();
    expect(request?.path).toBe(`/kms/v1/${KMS_KEY}:decrypt`);
    const { ciphertext, ...rest } = z.record(z.string(), z.string()).parse(JSON.parse(request?.body ?? ''));
    const aad = Buffer.from(ADA);
    expect(rest).toEqual({
      ciphertextCrc32c: crc32c(Buffer.from(ciphertext ?? '', 'base64')),
      additionalAuthenticatedData: aad.toString('base64'),
      additionalAuthenticatedDataCrc32c: crc32c(aad),
    });
    expect(new URLSearchParams(bench.of('token')[0]?.body).get('refresh_token')).toBe('1//first');
    // The only secret that is read is that of the client.
    expect(bench.of('secrets').map(({ path }) => path)).toEqual([
      expect.stringMatching(/calendar-oauth-client/),
    ]);
  });

  it('decrypts once for all resources of a user, and again after ten minutes', async () => {
    const client = bench.start();
    await Promise.all([bench.list(client, 'oauth', 'events'), bench.list(client, 'oauth', 'acl')]);
    await bench.list(client, 'oauth', 'settings');
    expect(decrypts()).toHaveLength(1);
    bench.state.advance(10 * 60_000);
    bench.state.tokens.clear();
    await bench.list(client, 'oauth', 'events');
    expect(decrypts()).toHaveLength(2);
  });

  it('decrypts 27 times in a day of calls, once for each access token', async () => {
    const client = bench.start();
    for (let minutes = 0; minutes < 24 * 60; minutes += 5) {
      expect(await bench.list(client, 'oauth')).toMatchObject({ ok: true });
      bench.state.advance(5 * 60_000);
    }
    expect([bench.of('api').length, bench.of('token').length, decrypts().length]).toEqual([288, 27, 27]);
  });

  it('reads a replaced token at once when the previous one is revoked', async () => {
    const client = bench.start();
    await bench.list(client, 'oauth', 'events');
    bench.state.consents.clear();
    bench.consent('calendar-oauth-user-of-none', '1//second', ADA, 'acls');
    await seal(ADA, '1//second');
    expect(await bench.list(client, 'oauth', 'acl')).toMatchObject({ ok: true });
  });

  it('opens a token of an earlier key version after a rotation', async () => {
    bench.kms.state.rotate(KMS_KEY);
    expect(await bench.list(bench.start(), 'oauth')).toMatchObject({ ok: true });
    await seal(ADA, '1//first');
    expect(bench.stored.get(tokenPath(ADA))).toMatchObject({ keyVersion: `${KMS_KEY}/cryptoKeyVersions/2` });
    expect(await bench.list(bench.start(), 'oauth')).toMatchObject({ ok: true });
  });

  it('fails for the user whose key version is revoked, and for no other', async () => {
    bench.kms.state.rotate(KMS_KEY);
    bench.state.consents.set('1//ben', { user: BEN, scopes: bench.state.consents.get('1//first')!.scopes });
    await seal(BEN, '1//ben');
    const client = bench.start();
    for (const state of ['DISABLED', 'DESTROY_SCHEDULED', 'DESTROYED'] as const) {
      bench.kms.state.setState(KMS_KEY, 1, state);
      expect(await bench.list(client, 'oauth')).toMatchObject(
        denied(
          'kmsKeyUnusable',
          /cryptoKeyVersions\/1 is disabled or destroyed: enable it, or run calendar-mirror login ada@/,
        ),
      );
      expect(await bench.list(client, 'oauth', 'events', BEN)).toMatchObject({ ok: true });
    }
    // Enabled again, the next call succeeds: nothing was lost.
    bench.kms.state.setState(KMS_KEY, 1, 'ENABLED');
    expect(await bench.list(client, 'oauth')).toMatchObject({ ok: true });
  });
});

describe('a token that cannot be opened says what to do:', () => {
  it.each<[string, () => unknown, string, RegExp]>([
    [
      'no document',
      () => bench.stored.clear(),
      'tokenNotFound',
      /^no valid oauthTokens\/calendar-oauth-user-ada_40example_2Ecom: run calendar-mirror login ada@example\.com$/,
    ],
    [
      'a malformed document',
      () => bench.stored.set(tokenPath(ADA), { keyVersion: 1 }),
      'tokenNotFound',
      /^no valid oauthTokens\//,
    ],
    [
      'the document of another user',
      async () => {
        await seal(BEN, '1//ben');
        bench.stored.set(tokenPath(ADA), bench.stored.get(tokenPath(BEN)));
      },
      'tokenMismatch',
      /^the token is not that of ada@example\.com, or was altered: run calendar-mirror login ada@/,
    ],
    [
      'a token of a key in another location',
      async () => {
        bench.kms.state.create(OTHER_KEY);
        await seal(ADA, '1//first', OTHER_KEY);
      },
      'tokenKeyMismatch',
      /needs \S+us-central1\S+, and OAUTH_KMS_KEY is \S+europe-west1\S+: run calendar-mirror tokens reencrypt$/,
    ],
    [
      'no permission',
      () => (bench.kms.state.mayDecrypt = false),
      'kmsDenied',
      /^needs roles\/cloudkms\.cryptoKeyDecrypter on projects\/\S+\/oauth-tokens, if it exists$/,
    ],
    [
      'a key that does not exist',
      () => bench.kms.state.remove(KMS_KEY),
      'kmsKeyNotFound',
      /^the key projects\/\S+\/oauth-tokens does not exist$/,
    ],
  ])('%s', async (_, spoil, reason, detail) => {
    const client = bench.start();
    await spoil();
    expect(await bench.list(client, 'oauth')).toMatchObject(denied(reason, detail));
    expect(bench.of('token')).toEqual([]);
    // Once fixed, it is read at the next call.
    bench.kms.state.mayDecrypt = true;
    bench.kms.state.create(KMS_KEY);
    await seal(ADA, '1//first');
    expect(await bench.list(client, 'oauth')).toMatchObject({ ok: true });
  });
});

describe('a response or request that was damaged on the way is not used, and is retried:', () => {
  it.each(['plaintext', 'plaintextCrc32c', 'request'] as const)('%s', async (damage) => {
    const client = bench.start();
    bench.kms.state.damage = damage;
    expect(await bench.list(client, 'oauth')).toMatchObject(TEMPORARY);
    expect(bench.of('token')).toEqual([]);
    bench.kms.state.damage = undefined;
    expect(await bench.list(client, 'oauth')).toMatchObject({ ok: true });
  });
});

describe('an outage of Cloud KMS is temporary, and calls recover after it:', () => {
  it.each<[string, Disturbance]>([
    ['503', { status: 503, body: '<html>try again</html>' }],
    ['429', { status: 429, body: { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'quota' } } }],
    ['200 with a page of HTML', { status: 200, body: '<html>sign in</html>' }],
    ['no answer', 'hangUp'],
  ])('%s', async (_, disturbance) => {
    const client = bench.start();
    bench.disturbances.set('kms', disturbance);
    expect(await bench.list(client, 'oauth')).toMatchObject(TEMPORARY);
    bench.disturbances.clear();
    expect(await bench.list(client, 'oauth')).toMatchObject({ ok: true });
  });
});

it('an error contains no token, even if Cloud KMS echoes its request', async () => {
  const echo = ['1//first', AMBIENT_TOKEN, Buffer.from('1//first').toString('base64')].join(' ');
  for (const status of [200, 400, 401, 403, 404, 500]) {
    for (const code of ['INVALID_ARGUMENT', 'FAILED_PRECONDITION', 'PERMISSION_DENIED', echo]) {
      bench.disturbances.set('kms', {
        status,
        body: { error: { code: status, status: code, message: echo } },
      });
      const answer = inspect(await bench.list(bench.start(), 'oauth'), { depth: 10 });
      for (const secret of echo.split(' ')) expect(answer).not.toContain(secret);
    }
  }
});

it('a token is not encrypted while the checksums of Cloud KMS do not match', async () => {
  for (const damage of ['ciphertext', 'verifiedPlaintextCrc32c', 'request'] as const) {
    bench.kms.state.damage = damage;
    const before = bench.of('kms').length;
    await expect(seal(BEN, '1//ben')).rejects.toMatchObject({ problem: { reason: 'kmsUnavailable' } });
    expect(bench.of('kms').length - before).toBe(3);
    expect(bench.stored.has(tokenPath(BEN))).toBe(false);
  }
});

it('a failure of Firestore is not a problem of the user', async () => {
  const unavailable = Object.assign(new Error('14 UNAVAILABLE'), { code: 14 });
  bench.stored.get = () => {
    throw unavailable;
  };
  await expect(bench.list(bench.start(), 'oauth')).rejects.toBe(unavailable);
});
