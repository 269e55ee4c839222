/** The doctor's findings on the responses of receive's address. */
import { describe, expect, test } from 'vitest';
import { judgeAnswers } from '../../../../../infra/cli/doctor/receiver.ts';
import { deployed, DEPLOYED, urlsOf } from '../../../../support/deployed-cloud.ts';

describe('receive’s address', () => {
  test.each([
    ['is well if receive responds', { ok: true, toGet: 405, toForged: 403 }, 'well', /r\.example\.com/],
    ['is wrong if it is private', { ok: true, toGet: 403, toForged: 403 }, 'wrong', /not public/],
    [
      'is wrong if something else responds',
      { ok: true, toGet: 200, toForged: 404 },
      'wrong',
      /not receive.* 200 .* 404 /,
    ],
    [
      'is wrong if it accepts a notification without a token',
      { ok: true, toGet: 405, toForged: 204 },
      'wrong',
      /not receive/,
    ],
    [
      'is wrong if its certificate has expired',
      { ok: false, code: 'CERT_HAS_EXPIRED' },
      'wrong',
      /no valid certificate/,
    ],
    [
      'is wrong if its certificate is self-signed',
      { ok: false, code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
      'wrong',
      /no valid certificate/,
    ],
    [
      'is wrong if its host does not exist',
      { ok: false, code: 'ENOTFOUND' },
      'wrong',
      /cannot be reached \(ENOTFOUND\)/,
    ],
  ] as const)('%s', (_, answers, verdict, says) => {
    expect(judgeAnswers('https://r.example.com', answers, undefined)).toMatchObject({
      verdict,
      says: expect.stringMatching(says),
    });
  });
});

describe('an address that is not public', () => {
  const closed = { ok: true, toGet: 403, toForged: 403 } as const;
  test('is opened at receive if it belongs to receive', () => {
    const { fix } = judgeAnswers(urlsOf('receive').numbered, closed, deployed('receive'));
    expect(fix).toContain(`calendar-receive --region=europe-west1 --project=${DEPLOYED} --member=allUsers`);
  });

  test('does not open receive if a proxy stands in front of it', () => {
    const { fix } = judgeAnswers('https://lb.example.com', closed, deployed('receive'));
    expect(fix).not.toContain('allUsers');
    expect(fix).toContain('load balancer');
  });
});
