import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startSignIn } from '../../../support/emulator/sign-in.ts';

const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

describe('PKCE', () => {
  const verifiers = fc.string({
    unit: fc.constantFrom(
      ...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'),
    ),
    minLength: 43,
    maxLength: 128,
  });

  test('accepts exactly the verifier of the challenge, whatever both are', async () => {
    const site = startSignIn({ consent: 'allow' });
    await fc.assert(
      fc.asyncProperty(
        verifiers,
        verifiers,
        fc.boolean(),
        fc.boolean(),
        async (verifier, other, plain, honest) => {
          const challenge = plain
            ? { code_challenge: verifier, code_challenge_method: 'plain' }
            : { code_challenge: challengeOf(verifier), code_challenge_method: 'S256' };
          const given = honest ? verifier : other;
          const code = (await site.consent(challenge)).get('code');
          const { status, json } = await site.redeem(code, { code_verifier: given });
          expect([status, json()['error_description']]).toEqual(
            given === verifier ? [200, undefined] : [400, 'Invalid code verifier.'],
          );
        },
      ),
    );
  });

  test('accepts a challenge without a method as plain', async () => {
    const site = startSignIn();
    const verifier = 'a'.repeat(64);
    const code = (await site.consent({ code_challenge: verifier })).get('code');
    expect((await site.redeem(code, { code_verifier: verifier })).status).toBe(200);
  });

  test('takes no challenge of S256 for its own verifier', async () => {
    const site = startSignIn();
    const challenge = challengeOf('a'.repeat(64));
    const code = (await site.consent({ code_challenge: challenge, code_challenge_method: 'S256' })).get(
      'code',
    );
    expect((await site.redeem(code, { code_verifier: challenge })).json()).toMatchObject({
      error: 'invalid_grant',
    });
  });

  test('misses a verifier that is not given', async () => {
    const site = startSignIn();
    const code = (await site.consent({ code_challenge: 'a'.repeat(43) })).get('code');
    expect((await site.redeem(code)).json()).toEqual({
      error: 'invalid_grant',
      error_description: 'Missing code verifier.',
    });
  });
});
