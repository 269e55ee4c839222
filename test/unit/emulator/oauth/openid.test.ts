import { X509Certificate, createPublicKey } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { EVENTS, idTokenOf, QUESTION, ROOT, startSignIn } from '../../../support/emulator/sign-in.ts';

const ADA = 'ada@example.com';
const IDENTITY = 'openid email profile';

describe('an ID token', () => {
  test('says who the user is, signed by the key that is published', async () => {
    const site = startSignIn();
    const token = idTokenOf(await site.signIn({ scope: `${IDENTITY} ${EVENTS}`, nonce: 'n-1' }));
    const jwks = createLocalJWKSet(
      z
        .looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) })
        .parse((await site.get('/oauth2/v3/certs')).json()),
    );
    const { payload, protectedHeader } = await jwtVerify(token, jwks, {
      issuer: 'https://accounts.google.com',
      audience: QUESTION.client_id,
    });
    expect(payload).toMatchObject({
      azp: QUESTION.client_id,
      sub: expect.stringMatching(/^1\d{20}$/),
      email: ADA,
      email_verified: true,
      hd: 'example.com',
      name: 'Ada',
      given_name: 'Ada',
      nonce: 'n-1',
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
    const certificates = z.record(z.string(), z.string()).parse((await site.get('/oauth2/v1/certs')).json());
    const certificate = new X509Certificate(certificates[protectedHeader.kid ?? ''] ?? '');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subject).toContain('federated-signon');
    expect((await jwtVerify(token, createPublicKey(certificate.toString()))).payload.sub).toBe(payload.sub);
  });

  test('comes with openid only, and says no more than the scopes allow', async () => {
    const site = startSignIn();
    expect(await site.signIn()).not.toHaveProperty('id_token');
    const { payload } = await jwtVerify(
      idTokenOf(await site.signIn({ scope: 'openid', login_hint: 'grace.hopper@gmail.com' })),
      createLocalJWKSet(
        z
          .looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) })
          .parse((await site.get('/oauth2/v3/certs')).json()),
      ),
    );
    expect(Object.keys(payload).toSorted()).toEqual(['aud', 'azp', 'exp', 'iat', 'iss', 'sub']);
  });

  test('comes with refreshed tokens as well', async () => {
    const site = startSignIn();
    const { refresh_token: token } = await site.signIn({ scope: IDENTITY });
    expect(idTokenOf((await site.refresh(token)).json())).toMatch(/^ey/);
  });

  test('names the emulator as its issuer on request, as the OpenID configuration does', async () => {
    const site = startSignIn({ issuer: 'emulator' });
    const answer = await site.consent({ scope: 'openid' });
    expect(answer.get('iss')).toBe(ROOT);
    const info = await site.get('/tokeninfo', {
      id_token: idTokenOf((await site.redeem(answer.get('code'))).json()),
    });
    expect(info.json()).toMatchObject({ iss: ROOT, aud: QUESTION.client_id, alg: 'RS256' });
    expect((await site.get('/.well-known/openid-configuration')).json()).toMatchObject({ issuer: ROOT });
  });
});

test('the OpenID configuration names endpoints that answer, at the address of its caller', async () => {
  const site = startSignIn();
  const headers = { host: 'calendar-emulator:9199' };
  const found = (await site.get('/.well-known/openid-configuration', {}, headers)).json();
  expect(found['issuer']).toBe('https://accounts.google.com');
  const endpoints = Object.entries(found).filter(([name]) => /_endpoint$|_uri$/.test(name));
  expect(endpoints).toHaveLength(5);
  for (const [, endpoint] of endpoints) {
    const url = new URL(String(endpoint));
    expect(url.host).toBe(headers.host);
    expect((await site.get(url.pathname)).status).not.toBe(404);
  }
});
