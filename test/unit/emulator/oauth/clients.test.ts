import { describe, expect, test } from 'vitest';
import { CALLBACK, type Parameters, QUESTION, startSignIn } from '../../../support/emulator/sign-in.ts';

const ID = QUESTION.client_id;

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

describe('a client', () => {
  const clients = [{ clientId: ID, clientSecret: 'GOCSPX-secret' }];

  test('authenticates by its body or by Basic', async () => {
    const site = startSignIn({ clients });
    const redeem = async (change: Parameters, headers = {}) => {
      const code = (await site.consent()).get('code') ?? '';
      const form = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, ...change };
      return (await site.token(form, headers)).status;
    };
    expect(await redeem({ client_id: ID, client_secret: 'GOCSPX-secret' })).toBe(200);
    expect(await redeem({}, basic(ID, 'GOCSPX-secret'))).toBe(200);
    expect(await redeem({ client_id: ID }, basic(ID, 'GOCSPX-secret'))).toBe(200);
  });

  test.each([
    [
      'the wrong secret',
      { client_secret: 'wrong' },
      {},
      401,
      'invalid_client',
      'The provided client secret is invalid.',
    ],
    [
      'the wrong secret by Basic',
      {},
      basic(ID, 'wrong'),
      401,
      'invalid_client',
      'The provided client secret is invalid.',
    ],
    ['no secret', {}, {}, 400, 'invalid_request', 'client_secret is missing.'],
    ['a malformed header', {}, { authorization: 'Basic eA==' }, 400, 'invalid_request', 'malformed'],
    ['two ids', { client_id: 'other' }, basic(ID, 'GOCSPX-secret'), 400, 'invalid_request', 'client_id'],
  ] as const)('with %s is rejected', async (_name, change: Parameters, headers, status, error, words) => {
    const site = startSignIn({ clients });
    const form = { grant_type: 'refresh_token', refresh_token: '1//x', client_id: ID, ...change };
    const answer = await site.token(form, headers);
    expect([answer.status, answer.json()]).toEqual([
      status,
      { error, error_description: expect.stringContaining(words) },
    ]);
    const challenge =
      status === 401 && 'authorization' in headers ? 'Basic realm="https://accounts.google.com/"' : undefined;
    expect(answer.headers['WWW-Authenticate']).toBe(challenge);
  });

  test('that is not registered may have any secret, unless the emulator is strict', async () => {
    const secret = { client_secret: 'anything' };
    const lenient = startSignIn();
    expect((await lenient.redeem((await lenient.consent()).get('code'), secret)).status).toBe(200);
    const strict = await startSignIn({ strict: true }).refresh('1//x', secret);
    expect([strict.status, strict.json()]).toEqual([
      401,
      { error: 'invalid_client', error_description: 'The OAuth client was not found.' },
    ]);
  });
});
