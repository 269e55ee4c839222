/** Google's own library for signing in, with nothing changed but the endpoints. */
import { once } from 'node:events';
import {
  ClientAuthentication,
  CodeChallengeMethod,
  GoogleAuth,
  JWT,
  OAuth2Client,
} from 'google-auth-library';
import { consent } from './browser.js';
import { check, end, equal, fails, matches } from './tap.js';

const url = process.env['CALENDAR_EMULATOR_URL'];
const EVENTS = 'https://www.googleapis.com/auth/calendar.events';
const READONLY = 'https://www.googleapis.com/auth/calendar.readonly';
const REDIRECT = 'http://127.0.0.1:8085/callback';
const ADA = 'ada@example.com';

const endpoints = {
  tokenInfoUrl: `${url}/tokeninfo`,
  oauth2AuthBaseUrl: `${url}/o/oauth2/v2/auth`,
  oauth2TokenUrl: `${url}/token`,
  oauth2RevokeUrl: `${url}/revoke`,
  oauth2FederatedSignonPemCertsUrl: `${url}/oauth2/v1/certs`,
  oauth2FederatedSignonJwkCertsUrl: `${url}/oauth2/v3/certs`,
};
const application = {
  clientId: 'app.apps.googleusercontent.com',
  clientSecret: 'GOCSPX-1',
  redirectUri: REDIRECT,
  endpoints,
};

async function control(path, body) {
  const answer = await fetch(`${url}/emulator/oauth/${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

/** Signs a user in with PKCE. Returns the library's client with its tokens. */
async function signIn({ scope = `openid email ${EVENTS}`, user = ADA, ...options } = {}) {
  const client = new OAuth2Client({ ...application, ...options });
  const { codeVerifier, codeChallenge } = await client.generateCodeVerifierAsync();
  const address = client.generateAuthUrl({
    access_type: 'offline',
    prompt: 'consent',
    scope,
    state: 'state-1',
    code_challenge_method: CodeChallengeMethod.S256,
    code_challenge: codeChallenge,
  });
  const answer = await consent(address, { user });
  const { tokens } = await client.getToken({ code: answer.get('code'), codeVerifier });
  client.setCredentials(tokens);
  return { client, tokens, answer };
}

const calendars = (client) => client.request({ url: `${url}/calendar/v3/calendars/primary` });
const reasonOf = (reason) => (error) =>
  JSON.stringify(error.response?.data ?? error.message).includes(reason);

const ada = await signIn();

await check('signs in with a code and PKCE', () => {
  equal(ada.answer.get('state'), 'state-1');
  matches(ada.tokens.access_token, /^ya29\./);
  matches(ada.tokens.refresh_token, /^1\/\//);
  equal(ada.tokens.scope, `openid https://www.googleapis.com/auth/userinfo.email ${EVENTS}`);
});

await check('rejects a code with another verifier', async () => {
  const client = new OAuth2Client(application);
  const { codeChallenge } = await client.generateCodeVerifierAsync();
  const parameters = {
    scope: EVENTS,
    code_challenge: codeChallenge,
    code_challenge_method: CodeChallengeMethod.S256,
  };
  const code = (await consent(client.generateAuthUrl(parameters), { user: 'ben@example.com' })).get('code');
  await fails(client.getToken({ code, codeVerifier: 'a'.repeat(43) }), reasonOf('invalid_grant'));
});

await check('verifies the ID token with the published certificates', async () => {
  const ticket = await ada.client.verifyIdToken({
    idToken: ada.tokens.id_token,
    audience: application.clientId,
  });
  equal(ticket.getPayload().email, ADA);
  equal(ticket.getPayload().iss, 'https://accounts.google.com');
  await fails(
    ada.client.verifyIdToken({ idToken: ada.tokens.id_token, audience: 'other' }),
    /Wrong recipient/,
  );
});

await check('reads what an access token allows', async () => {
  const info = await ada.client.getTokenInfo(ada.tokens.access_token);
  equal([info.email, info.aud, info.access_type], [ADA, application.clientId, 'offline']);
  equal(info.scopes.at(-1), EVENTS);
  await fails(ada.client.getTokenInfo('ya29.other'), reasonOf('invalid_token'));
});

await check('calls the API as the user', async () => {
  const inserted = await ada.client.request({
    url: `${url}/calendar/v3/calendars/primary/events`,
    method: 'POST',
    data: { start: { date: '2030-01-01' }, end: { date: '2030-01-02' } },
  });
  equal(inserted.data.creator.email, ADA);
});

await check('is refused what its scopes do not allow', async () => {
  await fails(calendars(ada.client), reasonOf('ACCESS_TOKEN_SCOPE_INSUFFICIENT'));
});

await check('refreshes an access token before it expires, and says so', async () => {
  const { client, tokens } = await signIn({ scope: READONLY });
  client.setCredentials({ ...tokens, expiry_date: Date.now() - 1 });
  const told = once(client, 'tokens');
  equal((await calendars(client)).data.id, ADA);
  const [fresh] = await told;
  matches(fresh.access_token, /^ya29\./);
  equal(fresh.access_token === tokens.access_token, false);
});

await check('replaces an access token that the server no longer accepts', async () => {
  const { client, tokens } = await signIn({ scope: READONLY, forceRefreshOnFailure: true });
  await control('expire-tokens', { user: ADA });
  equal((await calendars(client)).data.id, ADA);
  equal(client.credentials.access_token === tokens.access_token, false);
});

await check('gets no code where the user denies', async () => {
  const answer = await consent(
    new OAuth2Client(application).generateAuthUrl({ scope: READONLY, prompt: 'consent' }),
    {
      user: ADA,
      decision: 'deny',
    },
  );
  equal([answer.get('error'), answer.get('code')], ['access_denied', null]);
});

await check('gets only the scopes that the user leaves', async () => {
  const client = new OAuth2Client(application);
  const address = client.generateAuthUrl({ scope: [READONLY, EVENTS], prompt: 'consent' });
  const answer = await consent(address, { user: ADA, without: [EVENTS] });
  equal((await client.getToken(answer.get('code'))).tokens.scope, READONLY);
});

await check('authenticates a registered client, and fails with another secret', async () => {
  await control('clients', { clientId: 'web', clientSecret: 'GOCSPX-web', redirectUris: [REDIRECT] });
  const web = { clientId: 'web', clientSecret: 'GOCSPX-web' };
  for (const clientAuthentication of [
    ClientAuthentication.ClientSecretPost,
    ClientAuthentication.ClientSecretBasic,
  ])
    matches((await signIn({ ...web, clientAuthentication })).tokens.access_token, /^ya29\./);
  await fails(signIn({ ...web, clientSecret: 'wrong' }), reasonOf('invalid_client'));
});

await check('revokes its credentials, and can refresh no more', async () => {
  const { client, tokens } = await signIn({ user: 'ben@example.com' });
  await client.revokeCredentials();
  client.setCredentials({ refresh_token: tokens.refresh_token });
  await fails(client.getAccessToken(), reasonOf('Token has been expired or revoked.'));
  await fails(client.revokeToken(tokens.refresh_token), reasonOf('invalid_token'));
});

await check('learns that a user has withdrawn consent', async () => {
  const { client } = await signIn({ user: 'ben@example.com' });
  await control('revoke', { user: 'ben@example.com' });
  await fails(client.refreshAccessToken(), reasonOf('invalid_grant'));
});

const key = await control('service-accounts', {
  email: 'sync@demo-project.iam.gserviceaccount.com',
  delegation: { 'example.com': [READONLY] },
});

/** The library has the host of the token endpoint built in for service accounts: an interceptor changes it. */
function pointHere(client) {
  client.transporter.interceptors.request.add({
    resolved: async (config) => {
      if (config.url.host === 'oauth2.googleapis.com') config.url = new URL(config.url.pathname, url);
      return config;
    },
  });
  return client;
}
const account = (options) =>
  pointHere(new JWT({ email: key.client_email, key: key.private_key, scopes: [READONLY], ...options }));

await check('signs a service account in', async () => {
  equal((await calendars(account())).data.id, key.client_email);
});

await check('lets a service account act for a user by delegation', async () => {
  equal((await calendars(account({ subject: ADA }))).data.id, ADA);
});

await check('refuses a scope, a domain and a key that were not granted', async () => {
  await fails(account({ subject: ADA, scopes: [EVENTS] }).authorize(), reasonOf('unauthorized_client'));
  await fails(account({ subject: 'eve@other.example' }).authorize(), reasonOf('unauthorized_client'));
  const { private_key: foreign } = await control('service-accounts', {
    email: 'other@demo-project.iam.gserviceaccount.com',
  });
  await fails(account({ key: foreign }).authorize(), reasonOf('Invalid JWT Signature.'));
});

await check('reads the key file as Application Default Credentials do', async () => {
  const client = await new GoogleAuth({ credentials: key, scopes: [READONLY] }).getClient();
  equal((await calendars(pointHere(client))).data.id, key.client_email);
});

end();
