import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { certificateOf } from '../../../../infra/emulator/oauth/certificate.ts';
import { CALENDAR, EVENTS, ROOT, startSignIn } from '../../../support/emulator/sign-in.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const EMAIL = 'sync@demo-project.iam.gserviceaccount.com';
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKey = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const account = {
  email: EMAIL,
  publicKeys: [publicKey],
  delegation: { 'Example.com': [EVENTS, `${CALENDAR}.readonly`] },
};

type Claims = Readonly<Record<string, unknown>>;
type Site = ReturnType<typeof startSignIn>;

const claimsOf = (change: Claims = {}): Claims => {
  const iat = Math.floor(Date.now() / 1000);
  return { iss: EMAIL, scope: EVENTS, aud: `${ROOT}/token`, iat, exp: iat + 3600, ...change };
};
const sign = (change: Claims = {}, key = keys.privateKey): Promise<string> =>
  new SignJWT(claimsOf(change)).setProtectedHeader({ alg: 'RS256' }).sign(key);

async function exchange(site: Site, assertion: string) {
  const { status, json } = await site.token({ grant_type: GRANT, assertion });
  return { status, body: json() };
}
const holderOf = (site: Site, body: Readonly<Record<string, unknown>>) =>
  site.oauth.readToken(String(body['access_token']));

describe('the JWT of a service account', () => {
  test('stands for the account itself, or for a user whose domain has delegated the scopes', async () => {
    const site = startSignIn({ serviceAccounts: [account] });
    const own = await exchange(site, await sign());
    expect(own).toEqual({
      status: 200,
      body: {
        access_token: expect.stringMatching(/^ya29\./),
        expires_in: 3599,
        scope: EVENTS,
        token_type: 'Bearer',
      },
    });
    expect(holderOf(site, own.body)).toEqual({ user: EMAIL, scopes: new Set([EVENTS]) });
    const delegated = await exchange(site, await sign({ sub: 'Ada@Example.com' }));
    expect(holderOf(site, delegated.body)).toEqual({ user: 'ada@example.com', scopes: new Set([EVENTS]) });
  });

  test.each([
    ['a domain that has not delegated', { sub: 'ada@other.example' }],
    ['a scope that the domain has not delegated', { sub: 'ada@example.com', scope: `${EVENTS} ${CALENDAR}` }],
  ])('is not authorized for %s', async (_name, change) => {
    const answer = await exchange(startSignIn({ serviceAccounts: [account] }), await sign(change));
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ error: 'unauthorized_client' });
  });

  const now = Math.floor(Date.now() / 1000);
  const timeframe = 'short-lived token (60 minutes)';
  test.each([
    ['expired', { iat: now - 3600, exp: now }, 'invalid_grant', timeframe],
    ['too long', { exp: now + 3700 }, 'invalid_grant', timeframe],
    ['from the future', { iat: now + 400, exp: now + 3000 }, 'invalid_grant', timeframe],
    ['without an issuer', { iss: undefined }, 'invalid_grant', 'missing or invalid claim iss'],
    ['without a time', { iat: undefined }, 'invalid_grant', 'missing or invalid claim iat'],
    ['with a text as time', { exp: 'soon' }, 'invalid_grant', 'missing or invalid claim exp'],
    ['for another audience', { aud: 'https://example.com/token' }, 'invalid_grant', 'Failed audience check'],
    ['without scopes', { scope: undefined }, 'invalid_scope', 'Invalid OAuth scope'],
    ['with an unknown scope', { scope: `${EVENTS} x` }, 'invalid_scope', 'Invalid OAuth scope'],
    ['for a subject that is not an account', { sub: 'ada' }, 'invalid_grant', 'Invalid email or User ID'],
  ])('is rejected if it is %s', async (_name, change, error, words) => {
    for (const serviceAccounts of [[], [account]]) {
      const answer = await exchange(startSignIn({ serviceAccounts }), await sign(change));
      expect(answer).toEqual({
        status: 400,
        body: { error, error_description: expect.stringContaining(words) },
      });
    }
  });

  test.each(['', 'x', 'a.b.c', `${Buffer.from('[]').toString('base64url')}.bnVsbA.x`])(
    'is rejected if it is "%s"',
    async (assertion) => {
      const answer = await exchange(startSignIn(), assertion);
      expect(answer.status).toBe(400);
      expect(answer.body['error']).toBe(assertion === '' ? 'invalid_request' : 'invalid_grant');
    },
  );

  test('must be signed by a key of a registered account, as key or as certificate', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claimsOf())).toString('base64url')}.`;
    const site = startSignIn({ serviceAccounts: [account] });
    for (const assertion of [await sign({}, other), unsigned])
      expect(await exchange(site, assertion)).toMatchObject({
        status: 400,
        body: { error_description: 'Invalid JWT Signature.' },
      });
    const certificate = certificateOf(
      createPrivateKey(other.export({ type: 'pkcs8', format: 'pem' })),
      EMAIL,
    );
    const both = startSignIn({ serviceAccounts: [{ ...account, publicKeys: [publicKey, certificate] }] });
    for (const key of [keys.privateKey, other])
      expect((await exchange(both, await sign({}, key))).status).toBe(200);
  });

  test('may have any signature and any subject where the account is not registered', async () => {
    const site = startSignIn();
    expect((await exchange(site, await sign({ sub: 'eve@example.com' }))).status).toBe(200);
  });

  test('is rejected for accounts and users that do not exist, with strict', async () => {
    expect(await exchange(startSignIn({ strict: true }), await sign())).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'Invalid grant: account not found' },
    });
    const site = startSignIn({ strict: true, serviceAccounts: [account] });
    expect((await exchange(site, await sign({ sub: 'ada@example.com' }))).status).toBe(200);
    expect(await exchange(site, await sign({ sub: 'eve@example.com' }))).toMatchObject({
      status: 400,
      body: { error_description: 'Invalid email or User ID' },
    });
  });

  test('may name Google’s own token endpoint, and is judged by the time of its client', async () => {
    const site = startSignIn({ serviceAccounts: [account] });
    site.clock.advance(30 * 86_400_000);
    expect((await exchange(site, await sign({ aud: 'https://oauth2.googleapis.com/token' }))).status).toBe(
      200,
    );
  });
});

describe('a key file', () => {
  test('signs for its account, beside the keys that the account has', async () => {
    const site = startSignIn({ serviceAccounts: [account], strict: true });
    const file = await site.oauth.createKey({ email: EMAIL });
    expect(file).toMatchObject({
      type: 'service_account',
      project_id: 'demo-project',
      private_key_id: expect.stringMatching(/^[\da-f]{40}$/),
      client_email: EMAIL,
      client_id: expect.stringMatching(/^\d{21}$/),
      token_uri: `${ROOT}/token`,
    });
    for (const key of [createPrivateKey(file.private_key), keys.privateKey])
      expect((await exchange(site, await sign({ sub: 'ada@example.com' }, key))).status).toBe(200);
  });

  test('of a new account may delegate', async () => {
    const site = startSignIn();
    const file = await site.oauth.createKey({
      email: 'New@demo-project.iam.gserviceaccount.com',
      delegation: { 'example.com': [EVENTS] },
    });
    const key = createPrivateKey(file.private_key);
    const ask = async (sub: string) =>
      (await exchange(site, await sign({ iss: file.client_email, sub }, key))).status;
    expect(await ask('ada@example.com')).toBe(200);
    expect(await ask('ada@other.example')).toBe(401);
  });
});
