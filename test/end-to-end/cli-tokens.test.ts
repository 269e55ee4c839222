/** `calendar-mirror tokens` moves refresh tokens between Secret Manager and Firestore, and loses none. */
import { describe, expect } from 'vitest';
import { Timestamp } from '@google-cloud/firestore';
import { tokenPath } from '../../functions/calendar/auth/tokens.ts';
import { userSecret } from '../../functions/calendar/auth/secrets.ts';
import { results } from '../support/command-line.ts';
import { ADA } from '../support/identity/bench.ts';
import { KMS_KEY } from '../support/identity/kms.ts';
import { lastLine, loginWith } from '../support/login-test.ts';
import { BEN, tokensTest as test, versionOf } from '../support/tokens-test.ts';

const OTHER_KEY = KMS_KEY.replace('oauth-tokens', 'other');

describe('tokens move', () => {
  test('to Firestore encrypts each token, destroys its secret’s versions, and back again', async ({
    tokens,
    at,
  }) => {
    at.store(ADA, '1//old');
    at.store(ADA, '1//ada');
    at.store(BEN, '1//ben');
    at.store('me', '1//me');
    const there = await tokens.run('tokens', 'move', '--to', 'firestore', '--json');
    expect(results(there).toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual(
      [ADA, BEN, 'me'].map((user) => ({
        user,
        from: 'secret-manager',
        to: 'firestore',
        result: 'moved',
        dryRun: false,
      })),
    );
    expect(there.stderr.trim()).toBe('3 of 3 moved.');
    expect(at.states()).toEqual(['DESTROYED', 'DESTROYED']);
    const document = await at.document();
    expect(document).toEqual({
      user: ADA,
      keyVersion: versionOf(1),
      ciphertext: expect.any(Buffer),
      storedAt: expect.any(Timestamp),
    });
    expect(JSON.stringify(document)).not.toContain('1//');

    const back = await tokens.run('tokens', 'move', '--to', 'secret-manager');
    expect(back).toMatchObject({ code: 0, stdout: expect.stringContaining(`${ADA}: moved`) });
    expect([at.secret(), at.secret(BEN), at.secret('me')]).toEqual(['1//ada', '1//ben', '1//me']);
    expect(at.states()).toEqual(['DESTROYED', 'DESTROYED', 'ENABLED']);
    expect(await at.document()).toBeUndefined();
  });

  test('with --keep leaves the old ones, and without it removes them later', async ({ tokens, at }) => {
    at.store(ADA, '1//ada');
    const kept = await tokens.run('tokens', 'move', '--to', 'firestore', '--keep');
    expect(kept.stdout).toBe(`${ADA}: copied\n`);
    expect(at.secret()).toBe('1//ada');
    expect((await tokens.run('tokens', 'move', '--to', 'firestore', '--keep')).stdout).toBe(
      `${ADA}: present\n`,
    );
    const removed = await tokens.run('tokens', 'move', '--to', 'firestore');
    expect(removed.stdout).toBe(`${ADA}: removed\n`);
    expect(at.states()).toEqual(['DESTROYED']);
    expect(await at.document()).toMatchObject({ user: ADA });
  });

  test('with --dry-run only shows what it would do', async ({ tokens, at }) => {
    at.store(ADA, '1//ada');
    const outcome = await tokens.run('tokens', 'move', '--to', 'firestore', '--dry-run');
    expect(outcome).toMatchObject({ code: 0, stdout: `${ADA}: moved\n` });
    expect(outcome.stderr.trim()).toBe('1 of 1 would be moved.');
    expect(at.secret()).toBe('1//ada');
    expect(await at.document()).toBeUndefined();
  });

  test('keeps the later consent if both stores have one', async ({ tokens, at, identity, firestore }) => {
    at.store(ADA, '1//earlier');
    await tokens.run('tokens', 'move', '--to', 'firestore', '--keep');
    identity.state.advance(60_000);
    at.store(ADA, '1//later');
    expect((await tokens.run('tokens', 'move', '--to', 'firestore')).stdout).toBe(`${ADA}: moved\n`);
    await tokens.run('tokens', 'move', '--to', 'secret-manager', '--keep');
    expect(at.secret()).toBe('1//later');

    // The other way round: the document is the later one.
    await firestore.doc(tokenPath(ADA)).update({ storedAt: Timestamp.fromMillis(Date.now() + 3_600_000) });
    at.store(ADA, '1//stale');
    expect((await tokens.run('tokens', 'move', '--to', 'firestore')).stdout).toBe(`${ADA}: removed\n`);
    await tokens.run('tokens', 'move', '--to', 'secret-manager');
    expect(at.secret()).toBe('1//later');
  });

  test('of named users moves no others, and a user without a token is missing', async ({ tokens, at }) => {
    at.store(ADA, '1//ada');
    at.store(BEN, '1//ben');
    const outcome = await tokens.run('tokens', 'move', BEN, 'eve@example.com', '--to', 'firestore');
    expect(outcome).toMatchObject({ code: 0, stdout: `${BEN}: moved\neve@example.com: missing\n` });
    expect(at.secret()).toBe('1//ada');
  });

  test('of a user whose id is hashed finds the user by a watch', async ({
    tokens,
    at,
    identity,
    firestore,
  }) => {
    const long = `${'a'.repeat(250)}@example.com`;
    at.store(long, '1//long');
    const before = await tokens.run('tokens', 'move', '--to', 'firestore');
    expect(before.stderr).toMatch(/^The secret calendar-oauth-user-[0-9a-f]{64} stays: /);
    await firestore.doc('watches/long').set({ spec: { user: long, resource: 'settings' } });
    expect((await tokens.run('tokens', 'move', '--to', 'firestore')).stdout).toBe(`${long}: moved\n`);
    expect(identity.state.secrets.get(userSecret(long))).toBeNull();
  });
});

describe('a token that cannot be moved stays, and others are moved:', () => {
  test('without the right to encrypt, the command that grants it is shown', async ({
    tokens,
    at,
    identity,
  }) => {
    at.store(ADA, '1//ada');
    identity.kms.state.mayEncrypt = false;
    const outcome = await tokens.run('tokens', 'move', '--to', 'firestore');
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain(
      `run gcloud kms keys add-iam-policy-binding ${KMS_KEY} --member=user:YOU --role=roles/cloudkms.cryptoKeyEncrypter`,
    );
    expect(at.secret()).toBe('1//ada');
  });

  test('a disabled secret', async ({ tokens, at, identity }) => {
    at.store(ADA, '1//ada');
    at.store(BEN, '1//ben');
    identity.state.secrets.set(userSecret(ADA), null);
    const outcome = await tokens.run('tokens', 'move', '--to', 'firestore', '--json');
    expect(outcome.code).toBe(1);
    expect(results(outcome)).toContainEqual({
      user: ADA,
      failed: expect.stringContaining('is disabled, destroyed or malformed'),
    });
    expect(await at.document(BEN)).toMatchObject({ user: BEN });
    expect(at.states()).toEqual(['DISABLED']);
  });

  test('a token that Cloud KMS cannot open again is not removed from its secret', async ({
    tokens,
    at,
    identity,
  }) => {
    at.store(ADA, '1//ada');
    identity.kms.state.mayDecrypt = false;
    expect((await tokens.run('tokens', 'move', '--to', 'firestore')).code).toBe(1);
    expect(at.secret()).toBe('1//ada');
    expect(await at.document()).toBeUndefined();
    // A second run goes on where the first one ended.
    identity.kms.state.mayDecrypt = true;
    expect((await tokens.run('tokens', 'move', '--to', 'firestore')).stdout).toBe(`${ADA}: moved\n`);
  });

  test('a token of a destroyed key version', async ({ tokens, at, identity }) => {
    at.store(ADA, '1//ada');
    await tokens.run('tokens', 'move', '--to', 'firestore');
    identity.kms.state.rotate(KMS_KEY);
    at.store(BEN, '1//ben');
    await tokens.run('tokens', 'move', '--to', 'firestore');
    identity.kms.state.setState(KMS_KEY, 1, 'DESTROYED');
    const outcome = await tokens.run('tokens', 'move', '--to', 'secret-manager');
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toBe(`${BEN}: moved\n`);
    expect(outcome.stderr).toMatch(/cryptoKeyVersions\/1 is disabled or destroyed/);
    expect(await at.document()).toMatchObject({ user: ADA });
  });

  test('without a key, nothing is done', async ({ cli }) => {
    const { code, stderr } = await cli.run('tokens', 'move', '--to', 'firestore');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^OAUTH_KMS_KEY is not set/) });
  });
});

describe('tokens reencrypt', () => {
  test('encrypts what an earlier version or another key encrypted, and keeps the time of consent', async ({
    tokens,
    at,
    identity,
  }) => {
    at.store(ADA, '1//ada');
    await tokens.run('tokens', 'move', '--to', 'firestore');
    const before = await at.document();
    identity.kms.state.rotate(KMS_KEY);
    identity.kms.state.create(OTHER_KEY);
    const dry = await tokens.run('tokens', 'reencrypt', '--dry-run');
    expect(dry.stdout).toBe(`${ADA}: ${versionOf(1)}\n`);
    expect(await at.document()).toEqual(before);

    const outcome = await tokens.run('tokens', 'reencrypt', '--json');
    expect(results(outcome)).toEqual([{ user: ADA, from: versionOf(1), to: versionOf(2), dryRun: false }]);
    expect(await at.document()).toMatchObject({ keyVersion: versionOf(2), storedAt: before?.['storedAt'] });
    // The old version may be disabled now.
    identity.kms.state.setState(KMS_KEY, 1, 'DISABLED');
    expect((await tokens.run('tokens', 'reencrypt')).stdout).toBe('');
    await tokens.run('tokens', 'move', '--to', 'secret-manager');
    expect(at.secret()).toBe('1//ada');
  });
});

test('login stores the token encrypted, in place of the one before', async ({ tokens, at, identity }) => {
  const login = loginWith(tokens, identity);
  const first = await login([ADA, '--json']);
  expect(results(first)).toEqual([
    { user: ADA, resources: ['events'], document: tokenPath(ADA), version: versionOf(1), due: [] },
  ]);
  identity.kms.state.rotate(KMS_KEY);
  expect((await login([ADA])).stdout).toBe(
    `${ADA} has consented to events: ${tokenPath(ADA)}, encrypted with ${versionOf(2)}.`,
  );
  expect(at.secret()).toBeUndefined();
  await tokens.run('tokens', 'move', '--to', 'secret-manager');
  expect(at.secret()).toBe(identity.page.issued.findLast((each) => each.startsWith('1//')));
});

test('login that cannot encrypt fails before it asks for consent, and names the role', async ({
  tokens,
  at,
  identity,
}) => {
  identity.kms.state.mayEncrypt = false;
  const outcome = await loginWith(tokens, identity)([ADA]);
  expect(outcome).toMatchObject({ code: 1, stdout: '', address: '' });
  expect(lastLine(outcome)).toMatch(/needs roles\/cloudkms\.cryptoKeyEncrypter on .*: run gcloud kms keys /);
  expect(await at.document()).toBeUndefined();
});

test('tokens list shows the store, the version and the time of each token, and opens none', async ({
  tokens,
  at,
  identity,
}) => {
  at.store(BEN, '1//ben');
  await tokens.run('tokens', 'move', '--to', 'firestore');
  at.store(ADA, '1//ada');
  const before = identity.of('kms').length;
  const outcome = await tokens.run('tokens', '--json');
  expect(results(outcome)).toEqual([
    { user: ADA, store: 'secret-manager', version: '1', storedAt: expect.stringMatching(/^20.*Z$/) },
    { user: BEN, store: 'firestore', version: versionOf(1), storedAt: expect.stringMatching(/^20.*Z$/) },
  ]);
  expect(identity.of('kms')).toHaveLength(before);
  expect((await tokens.run('tokens')).stdout).toMatch(/^user +store +version +stored at\n/);
});
