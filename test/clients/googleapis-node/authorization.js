/** Access tokens, refresh tokens and API keys. */
import { ADA, BOB, URL_OF_EMULATOR, clientOf, control, play } from './emulator.js';
import { equal, fails } from './tap.js';

const scope = 'https://www.googleapis.com/auth/calendar';
const redirectUri = 'http://127.0.0.1:8085/callback';
const endpoints = {
  oauth2AuthBaseUrl: `${URL_OF_EMULATOR}/o/oauth2/v2/auth`,
  oauth2TokenUrl: `${URL_OF_EMULATOR}/token`,
};

/** Signs a user in with a code, as an application does. */
async function signIn({ calendar, OAuth2 }, user, wanted = scope) {
  const auth = new OAuth2({ clientId: 'app', redirectUri, endpoints, forceRefreshOnFailure: true });
  const address = auth.generateAuthUrl({
    access_type: 'offline',
    prompt: 'consent',
    scope: wanted,
    login_hint: user,
  });
  const answer = await fetch(address, { redirect: 'manual' });
  const { tokens } = await auth.getToken(new URL(answer.headers.get('location')).searchParams.get('code'));
  auth.setCredentials(tokens);
  return { auth, client: calendar({ version: 'v3', auth, rootUrl: `${URL_OF_EMULATOR}/` }) };
}

export async function authorization(library, check) {
  await check('an access token of the emulator’s OAuth endpoints is the user’s', async () => {
    const { client } = await signIn(library, ADA);
    equal((await client.calendarList.list()).data.items[0].id, ADA);
  });

  await check('an expired access token is refreshed', async () => {
    const { auth, client } = await signIn(library, ADA);
    const before = auth.credentials.access_token;
    await play('access-token-expired', { user: ADA });
    equal((await client.settings.list()).status, 200);
    equal(auth.credentials.access_token === before, false);
  });

  await check('a consent that the user has revoked is invalid_grant', async () => {
    const { client } = await signIn(library, ADA);
    await play('revoked-consent', { user: ADA });
    await fails(client.settings.list(), { message: 'invalid_grant' });
  });

  await check('a scope that was not granted is a 403', async () => {
    const { client } = await signIn(library, ADA, `${scope}.readonly`);
    equal((await client.events.list({ calendarId: 'primary' })).status, 200);
    await fails(client.events.quickAdd({ calendarId: 'primary', text: 'Lunch' }), { status: 403 });
  });

  await check('an API key reads what is public, and nothing else', async () => {
    const keyed = library.calendar({ version: 'v3', auth: 'any-key', rootUrl: `${URL_OF_EMULATOR}/` });
    const requestBody = { role: 'reader', scope: { type: 'default' } };
    await clientOf(library, ADA).acl.insert({ calendarId: 'primary', requestBody });
    equal((await keyed.events.list({ calendarId: ADA })).data.items, []);
    await fails(keyed.events.list({ calendarId: BOB }), { status: 404 });
    await fails(keyed.settings.list(), { status: 401 });
    await control('POST', 'reset');
  });

  await check('no credentials are a 401', async () => {
    const anonymous = library.calendar({ version: 'v3', rootUrl: `${URL_OF_EMULATOR}/` });
    await fails(anonymous.settings.list(), { status: 401 });
  });
}
