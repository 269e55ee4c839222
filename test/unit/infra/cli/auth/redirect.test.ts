import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRedirect } from '../../../../../infra/cli/auth/redirect.ts';

test.each([
  ['a code', '/?state=mine&code=4%2Fabc', { is: 'code', code: '4/abc' }],
  ['a refusal', '/?error=access_denied&state=mine', { is: 'consentDenied', reason: 'access_denied' }],
  ['a refusal, whatever comes with it', '/?error=x&code=y&state=mine', { is: 'consentDenied', reason: 'x' }],
  ['a refusal in no word', '/?error=a%20b&state=mine', { is: 'consentDenied', reason: 'unknown' }],
  ['neither', '/?state=mine', { is: 'foreign' }],
  ['an empty code', '/?state=mine&code=', { is: 'foreign' }],
  ['another page', '/x?state=mine&code=y', { is: 'foreign' }],
  ['no address', 'http://[', { is: 'foreign' }],
])('%s is told apart', (_, target, expected) => {
  expect(readRedirect(target, 'mine')).toEqual(expected);
});

test('what comes with another state, or with none, is never taken for an answer', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (state, code) => {
      fc.pre(state !== 'mine');
      const query = new URLSearchParams({ state, code, error: code });
      expect(readRedirect(`/?${query.toString()}`, 'mine')).toEqual({ is: 'foreign' });
      expect(readRedirect(`/?code=${encodeURIComponent(code)}`, 'mine')).toEqual({ is: 'foreign' });
    }),
  );
});
