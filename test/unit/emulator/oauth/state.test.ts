import { expect, test } from 'vitest';
import { OAuthState } from '../../../../infra/emulator/oauth/records.ts';
import { EVENTS, QUESTION, startSignIn } from '../../../support/emulator/sign-in.ts';

const ADA = 'ada@example.com';

test('the state is plain JSON, and a restored one goes on where it was', async () => {
  const site = startSignIn({ clients: [{ clientId: 'web', redirectUris: ['https://app.example.com/'] }] });
  const tokens = await site.signIn({ scope: `openid ${EVENTS}` });
  const code = (await site.consent()).get('code');
  await site.oauth.createKey({ email: 'sync@demo-project.iam.gserviceaccount.com' });
  const saved = OAuthState.parse(JSON.parse(JSON.stringify(site.oauth.save())));
  const keys = (await site.get('/oauth2/v3/certs')).text;

  const next = startSignIn();
  await next.signIn({ login_hint: 'bob@example.com' });
  next.oauth.restore(saved);
  expect(next.oauth.save()).toEqual(site.oauth.save());
  expect(next.oauth.grants()).toEqual(site.oauth.grants());
  expect(next.oauth.readToken(tokens.access_token)?.user).toBe(ADA);
  expect((await next.refresh(tokens.refresh_token)).status).toBe(200);
  expect((await next.redeem(code)).status).toBe(200);
  expect((await next.get('/oauth2/v3/certs')).text).toBe(keys);
  expect((await next.ask({ client_id: 'web' })).status).toBe(400);
});

test('what is saved does not change with what happens next', async () => {
  const site = startSignIn();
  await site.signIn();
  const saved = site.oauth.save();
  const text = JSON.stringify(saved);
  await site.signIn({ scope: 'openid', prompt: 'consent' });
  site.oauth.revoke();
  expect(JSON.stringify(saved)).toBe(text);
});

test('a reset forgets all but what the options register', async () => {
  const site = startSignIn({
    clients: [{ clientId: 'web', redirectUris: ['https://app.example.com/'] }],
    consent: 'allow',
  });
  const { access_token: token } = await site.signIn();
  site.oauth.registerClient({ clientId: 'second' });
  site.oauth.setConsent('deny');
  site.oauth.reset();
  expect(site.oauth.readToken(token)).toBeUndefined();
  expect(site.oauth.grants()).toEqual([]);
  expect(site.oauth.clients().map(({ clientId }) => clientId)).toEqual(['web']);
  expect((await site.ask()).location().searchParams.has('code')).toBe(true);
});

test('a page that was open at a reset can no longer be answered', async () => {
  const site = startSignIn();
  const { text } = await site.ask();
  site.oauth.reset();
  const id = /name="id" value="([^"]+)"/.exec(text)?.[1] ?? '';
  expect((await site.answer(new URLSearchParams({ id, user: ADA, decision: 'allow' }))).status).toBe(400);
});

test('grants list consents with their scopes and tokens, by user and client', async () => {
  const site = startSignIn({ consent: 'allow', accessTokenSeconds: 10 });
  await site.signIn();
  await site.signIn({ login_hint: 'bob@example.com', client_id: 'other' });
  const ada = {
    clientId: QUESTION.client_id,
    user: ADA,
    scopes: [EVENTS],
    accessTokens: 1,
    refreshTokens: 1,
  };
  expect(site.oauth.grants({ user: 'Ada@example.com' })).toEqual([ada]);
  expect(site.oauth.grants({ clientId: 'other' })).toMatchObject([{ user: 'bob@example.com' }]);
  expect(site.oauth.grants()).toHaveLength(2);
  site.clock.advance(10_000);
  expect(site.oauth.grants({ user: ADA })).toEqual([{ ...ada, accessTokens: 0 }]);
});

test('access tokens can be ended before their time; refresh tokens stay', async () => {
  const site = startSignIn();
  const { access_token: token, refresh_token: refresh } = await site.signIn();
  expect(site.oauth.expireTokens({ clientId: 'other' })).toBe(0);
  expect(site.oauth.expireTokens({ user: ADA })).toBe(1);
  expect(site.oauth.readToken(token)).toBeUndefined();
  expect((await site.refresh(refresh)).status).toBe(200);
});

test.each([
  [{ clients: [{ clientId: '' }] }],
  [{ clients: [{ clientId: 'a', secret: 'b' }] }],
  [{ serviceAccounts: [{ email: 'sync' }] }],
  [{ serviceAccounts: [{ email: 'sync@example.com', publicKeys: ['-----BEGIN PUBLIC KEY-----'] }] }],
])('a registration with mistakes is rejected: %j', (options) => {
  expect(() => startSignIn(options)).toThrow('"code"');
});
