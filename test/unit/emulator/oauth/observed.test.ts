import { describe, expect, test } from 'vitest';
import { EVENTS, startSignIn } from '../../../support/emulator/sign-in.ts';
import type { FaultRule } from '../../../../infra/emulator/faults/fault-rules.ts';

const drop = (when: 'before' | 'after'): FaultRule => ({
  on: 'request',
  match: { method: 'oauth.revoke' },
  times: 1,
  effect: { do: 'hangUp', when },
});

describe('a fault', () => {
  test('of the token endpoint answers an error of OAuth, as often as it says', async () => {
    const site = startSignIn();
    const { refresh_token: token } = await site.signIn();
    site.faults.add({
      on: 'request',
      match: { method: 'oauth.token' },
      times: 1,
      effect: { do: 'fail', status: 503, retryAfterSeconds: 7 },
    });
    const failed = await site.refresh(token);
    expect([failed.status, failed.json(), failed.headers['Retry-After']]).toEqual([
      503,
      { error: 'internal_failure', error_description: 'Status 503' },
      '7',
    ]);
    expect((await site.refresh(token)).status).toBe(200);
  });

  test('may name the error, and find its requests by their path', async () => {
    const site = startSignIn();
    site.faults.add({
      on: 'request',
      match: { path: '/revoke' },
      effect: { do: 'fail', status: 400, reason: 'invalid_request', message: 'not today' },
    });
    const { access_token: token } = await site.signIn();
    expect((await site.post('/revoke', { token })).json()).toEqual({
      error: 'invalid_request',
      error_description: 'not today',
    });
  });

  test('drops the connection before or after the request takes effect', async () => {
    const site = startSignIn();
    const { access_token: token } = await site.signIn();
    site.faults.add(drop('before'));
    await expect(site.post('/revoke', { token })).rejects.toThrow('drops the connection');
    expect(site.oauth.readToken(token)).toBeDefined();
    site.faults.add(drop('after'));
    await expect(site.post('/revoke', { token })).rejects.toThrow('drops the response');
    expect(site.oauth.readToken(token)).toBeUndefined();
  });

  test('delays an answer', async () => {
    const site = startSignIn();
    site.faults.add({ on: 'request', match: { method: 'oauth.*' }, effect: { do: 'delay', ms: 1 } });
    expect((await site.ask()).status).toBe(200);
    expect(site.faults.list()).toMatchObject([{ acted: 1 }]);
  });

  test('that names neither a method nor a path leaves sign-in alone', async () => {
    const site = startSignIn();
    site.faults.add({ on: 'request', effect: { do: 'fail', status: 500 } });
    site.faults.add({ on: 'request', match: { method: 'calendar.*' }, effect: { do: 'fail', status: 500 } });
    expect((await site.signIn()).scope).toBe(EVENTS);
  });
});

describe('the journal', () => {
  test('has the requests of sign-in with their errors, and without their secrets', async () => {
    const site = startSignIn();
    const { access_token: token } = await site.signIn();
    await site.get('/tokeninfo', { access_token: token });
    await site.refresh('1//x');
    await site.send('POST', '/v1/projects/-/serviceAccounts/a@example.com:signJwt', '{}');
    const entries = site.journal.requests();
    expect(entries.map(({ method, status, reason }) => [method, status, reason])).toEqual([
      ['oauth.authorize', 200, undefined],
      ['oauth.decide', 302, undefined],
      ['oauth.token', 200, undefined],
      ['oauth.tokeninfo', 200, undefined],
      ['oauth.token', 400, 'invalid_grant'],
      ['oauth.iam', 401, undefined],
    ]);
    expect(JSON.stringify(entries)).not.toContain(token);
  });

  test('has a request that got no answer', async () => {
    const site = startSignIn();
    site.faults.add({ on: 'request', match: { path: '/token' }, effect: { do: 'hangUp', when: 'before' } });
    await expect(site.refresh('1//x')).rejects.toThrow('drops');
    expect(site.journal.requests()).toMatchObject([{ method: 'oauth.token', status: 0 }]);
  });
});
