import { afterAll, beforeAll, expect, it } from 'vitest';

import { createCredentials } from '../../../../functions/calendar/auth/index.ts';
import { createCalendarClient } from '../../../../functions/calendar/client.ts';
import { readSyncConfig } from '../../../../functions/config.ts';
import { createLog } from '../../../../functions/runtime/log.ts';
import { handleNotification } from '../../../../functions/sync/engine.ts';
import { scopeOf } from '../../../support/identity/bench.ts';
import { AMBIENT_TOKEN } from '../../../support/identity/reply.ts';
import { CLIENT, PROJECT } from '../../../support/identity/rules.ts';
import { startIdentity, type IdentityServer } from '../../../support/identity/server.ts';
import { startSyncBench } from '../../../support/sync-bench.ts';

/** A watch with a user's own consent in sync, on the Calendar emulator behind a check of access tokens. */

const ADA = 'ada@example.com';
const SECRET = 'calendar-oauth-user-ada_40example_2Ecom';
const CALENDAR = 'team@group.calendar.google.com';
const start = { dateTime: '2026-12-01T10:00:00Z' };

let bench: Awaited<ReturnType<typeof startSyncBench>>;
let identity: IdentityServer;
const logged: string[] = [];

beforeAll(async () => {
  bench = await startSyncBench();
  identity = await startIdentity(bench.calendar.url);
  const events = ['first', 'second'].map((id) => ({ id: `event${id}`, summary: id, start, end: start }));
  bench.calendar.seed({
    users: [{ email: ADA, calendars: [{ id: CALENDAR, summary: 'Team', events }] }],
  });
});
afterAll(() => Promise.all([bench.close(), identity.close()]));

it('a watch whose consent is revoked is paused, and resumes where it was when consent is given again', async () => {
  const { state } = identity;
  const config = readSyncConfig({ GOOGLE_CLOUD_PROJECT: PROJECT, ...identity.environment });
  const context = {
    ...bench.context,
    calendar: createCalendarClient(
      identity.url,
      createCredentials(config, identity.ambient, state.now, bench.firestore),
      bench.context,
    ),
    log: createLog((line) => void logged.push(line)),
  };
  const sync = () => handleNotification(context, { reason: 'poll', watchId: 'adas' }, Date.now() + 1000);
  const watch = async () => (await bench.firestore.doc('watches/adas').get()).get('status');
  const mirrored = async () =>
    (await bench.firestore.collection(`users/${ADA}/calendars/${CALENDAR}/events`).get()).size;
  const consent = (token: string): void => {
    state.consents.set(token, { user: ADA, scopes: new Set([scopeOf('events')]) });
    state.secrets.set(SECRET, token);
  };
  const add = (id: string) =>
    fetch(`${bench.calendar.url}/calendar/v3/calendars/${encodeURIComponent(CALENDAR)}/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADA}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id, summary: id, start, end: start }),
    });

  await bench.writeSpec('adas', { user: ADA, resource: 'events', calendarId: CALENDAR, auth: 'oauth' });

  // Without consent the status names the missing secret.
  await sync();
  expect(await watch()).toMatchObject({
    state: 'paused',
    reason: 'secretNotFound',
    detail: expect.stringContaining(SECRET),
  });

  consent('1//adas-first');
  await sync();
  expect(await watch()).toMatchObject({ state: 'pending', sync: { sequence: 2, failures: 0 } });
  expect(await mirrored()).toBe(2);

  // Revoked: the refresh token, and with it the access token that is still in use.
  state.consents.clear();
  state.tokens.clear();
  await add('eventthird');
  for (const failures of [1, 2]) {
    await sync();
    expect(await watch()).toMatchObject({ state: 'paused', reason: 'invalid_grant', sync: { failures } });
  }
  expect(await mirrored()).toBe(2);

  consent('1//adas-second');
  const lists = bench.listCalls();
  await sync();
  const recovered = await watch();
  expect(recovered).toMatchObject({ state: 'pending', sync: { sequence: 3, failures: 0 } });
  expect(recovered).not.toHaveProperty('reason');
  expect(await mirrored()).toBe(3);
  expect(bench.listCalls()).toBe(lists + 1);
  expect(bench.calendar.journal.requests().at(-1)?.query).toHaveProperty('syncToken');

  // Neither documents nor logs contain a secret of any kind.
  const stored = JSON.stringify([
    recovered,
    (await bench.firestore.collection('watches').get()).docs.map((each) => each.data()),
  ]);
  const secrets = [AMBIENT_TOKEN, CLIENT.client_secret, '1//adas', 'ya29.'];
  for (const secret of secrets) expect([stored, ...logged].join('\n')).not.toContain(secret);
  expect(logged.join('')).toContain('invalid_grant');
});
