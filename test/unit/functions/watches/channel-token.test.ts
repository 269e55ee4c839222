import { createSecretKey } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWatchId, mintToken, verifyToken } from '../../../../functions/watches/channel-token.ts';
import type { TokenKey } from '../../../../functions/watches/channel-token.ts';
import { anyCharacter } from '../../../support/any-character.ts';

const key = (id: string, secret: string): TokenKey => ({ id, secret: createSecretKey(Buffer.from(secret)) });
const KEY = key('k1', 'a secret of some length');
const CHANNEL = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

/** What a call returns, or the class of what it throws. */
function attempt(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error instanceof Error ? error.constructor : error;
  }
}

const watchId = fc.stringMatching(/^[\w-]{1,100}$/).filter((id) => !/^__.*__$/.test(id));
const channelId = fc.stringMatching(/^[\w.:/=+-]{1,64}$/);
const kid = fc.stringMatching(/^[\w-]{1,32}$/);

describe('a channel token', () => {
  test('names its watch to a holder of the key, for every channel and watch', () => {
    fc.assert(
      fc.property(watchId, channelId, kid, fc.uint8Array({ minLength: 1 }), (watch, channel, id, secret) => {
        const signing = { id, secret: createSecretKey(Buffer.from(secret)) };
        const token = mintToken(signing, channel, watch);
        expect(verifyToken([signing], channel, token)).toEqual({ ok: true, watchId: watch });
        expect(token.length).toBeLessThanOrEqual(256);
      }),
    );
  });

  test('fits a header value as it stands', () => {
    fc.assert(
      fc.property(watchId, (watch) => {
        expect(mintToken(KEY, CHANNEL, watch)).toMatch(/^[\w&=-]+$/);
      }),
    );
  });

  test('holds neither the channel id nor the secret', () => {
    const token = mintToken(KEY, CHANNEL, 'w');
    expect(token).not.toContain(CHANNEL);
    expect(token).not.toContain(KEY.secret.export().toString());
    expect(token).not.toContain(KEY.secret.export().toString('base64url'));
  });

  test('is rejected with any one character changed', () => {
    const token = mintToken(KEY, CHANNEL, 'watch-1');
    fc.assert(
      fc.property(
        fc.nat({ max: token.length - 1 }),
        fc.string({ minLength: 1, maxLength: 1 }),
        (at, other) => {
          fc.pre(token[at] !== other);
          const changed = token.slice(0, at) + other + token.slice(at + 1);
          expect(verifyToken([KEY], CHANNEL, changed).ok).toBe(false);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('is rejected when truncated or extended', () => {
    const token = mintToken(KEY, CHANNEL, 'watch-1');
    for (let end = 0; end < token.length; end += 1) {
      expect(verifyToken([KEY], CHANNEL, token.slice(0, end)).ok).toBe(false);
    }
    fc.assert(
      fc.property(fc.stringMatching(/^[^&]+$/), (more) => !verifyToken([KEY], CHANNEL, token + more).ok),
    );
  });

  test('is rejected on another channel', () => {
    fc.assert(
      fc.property(channelId, channelId, watchId, (mine, other, watch) => {
        fc.pre(mine !== other);
        const token = mintToken(KEY, mine, watch);
        expect(verifyToken([KEY], other, token)).toEqual({ ok: false, reason: 'forged' });
      }),
    );
  });

  test('is rejected for another watch', () => {
    fc.assert(
      fc.property(watchId, watchId, (mine, other) => {
        fc.pre(mine !== other);
        const token = mintToken(KEY, CHANNEL, mine).replace(`watch=${mine}&`, `watch=${other}&`);
        expect(verifyToken([KEY], CHANNEL, token)).toEqual({ ok: false, reason: 'forged' });
      }),
    );
  });

  test('of a key with the same id and another secret is forged', () => {
    const token = mintToken(key('k1', 'not the secret'), CHANNEL, 'w');
    expect(verifyToken([KEY], CHANNEL, token)).toEqual({ ok: false, reason: 'forged' });
  });
});

describe('the rotation of keys', () => {
  const old = key('old', 'one');
  const fresh = key('new', 'two');

  test('accepts tokens of every listed key', () => {
    for (const signing of [old, fresh]) {
      const token = mintToken(signing, CHANNEL, 'w');
      expect(verifyToken([fresh, old], CHANNEL, token)).toEqual({ ok: true, watchId: 'w' });
    }
  });

  test('rejects tokens of a key that was taken off the list', () => {
    const token = mintToken(old, CHANNEL, 'w');
    expect(verifyToken([fresh], CHANNEL, token)).toEqual({ ok: false, reason: 'unknownKey' });
    expect(verifyToken([], CHANNEL, token)).toEqual({ ok: false, reason: 'unknownKey' });
  });

  test('rejects a token that names the other key', () => {
    const token = mintToken(old, CHANNEL, 'w').replace('kid=old', 'kid=new');
    expect(verifyToken([fresh, old], CHANNEL, token)).toEqual({ ok: false, reason: 'forged' });
  });
});

describe('the form of a token', () => {
  const token = mintToken(KEY, CHANNEL, 'w');

  test('may have fields that a later version added, in any order', () => {
    expect(verifyToken([KEY], CHANNEL, `${token}&later=1`)).toEqual({ ok: true, watchId: 'w' });
    const reordered = `new=x&${token.split('&').toReversed().join('&')}`;
    expect(verifyToken([KEY], CHANNEL, reordered)).toEqual({ ok: true, watchId: 'w' });
  });

  test.each([
    ['no token', undefined, 'missing'],
    ['an empty token', '', 'missing'],
    ['a token of 257 characters', `${token}&pad=`.padEnd(257, 'x'), 'tooLong'],
    ['a field that comes twice', `${token}&watch=w`, 'malformed'],
    ['an unknown field that comes twice', `${token}&a=1&a=2`, 'malformed'],
    ['a field without a name', `${token}&=1`, 'malformed'],
    ['a field without a value', `${token}&more`, 'malformed'],
    ['an empty field', `${token}&`, 'malformed'],
    ['something before a name', `!${token}`, 'malformed'],
    ['no watch', token.replace('watch=w&', ''), 'malformed'],
    ['no signature', token.replace(/&mac=.*/, ''), 'malformed'],
    ['no version', token.replace('v=1&', ''), 'malformed'],
    ['another version', token.replace('v=1', 'v=2'), 'malformed'],
    ['no key id', token.replace('kid=k1&', ''), 'unknownKey'],
    ['an impossible watch id', token.replace('watch=w', 'watch=a/b'), 'malformed'],
    ['an empty signature', token.replace(/mac=.*/, 'mac='), 'forged'],
    ['its signature padded', `${token}%3D`, 'forged'],
    ['something else altogether', 'hello', 'malformed'],
  ])('%s is refused', (_, given, reason) => {
    expect(verifyToken([KEY], CHANNEL, given)).toEqual({ ok: false, reason });
  });

  test('a token of 256 characters is read', () => {
    const longest = `${token}&pad=`.padEnd(256, 'x');
    expect(verifyToken([KEY], CHANNEL, longest)).toEqual({ ok: true, watchId: 'w' });
  });

  test('verifying never throws, whatever came', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 300 }), (given) => {
        expect(verifyToken([KEY], CHANNEL, given).ok).toBe(false);
      }),
    );
  });
});

test.each([
  ['w', true],
  ['A-z_0', true],
  ['x'.repeat(100), true],
  ['x'.repeat(101), false],
  ['', false],
  ['a/b', false],
  ['a b', false],
  ['a\n', false],
  ['__x__', false],
  ['____', false],
  ['a__x__', true],
  ['__x__a', true],
  ['ä', false],
])('the watch id %j is possible: %s', (id, possible) => {
  expect(isWatchId(id)).toBe(possible);
  const verify = (): unknown => verifyToken([KEY], CHANNEL, mintToken(KEY, CHANNEL, id));
  expect(attempt(verify)).toEqual(possible ? { ok: true, watchId: id } : RangeError);
});
