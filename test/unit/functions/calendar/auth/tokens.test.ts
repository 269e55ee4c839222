import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32c, tokenPath } from '../../../../../functions/calendar/auth/tokens.ts';

/** The test vectors of RFC 3720, B.4: https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4 */
const VECTORS: readonly (readonly [string, Uint8Array, number])[] = [
  ['the check value', Buffer.from('123456789'), 0xe3069283],
  ['no bytes', Buffer.alloc(0), 0],
  ['32 bytes of zeroes', Buffer.alloc(32), 0x8a9136aa],
  ['32 bytes of ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['32 incrementing bytes', Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
  ['32 decrementing bytes', Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113fdb5c],
];

describe('the CRC32C of', () => {
  test.each(VECTORS)('%s is that of the standard, in decimal', (_, bytes, sum) => {
    expect(crc32c(bytes)).toBe(String(sum));
  });

  test('any bytes is a uint32, and differs if one bit is flipped', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), (bytes, at) => {
        const sum = crc32c(bytes);
        expect(sum).toMatch(/^\d{1,10}$/);
        expect(Number(sum)).toBeLessThan(2 ** 32);
        const flipped = bytes.map((byte, index) => (index === at % bytes.length ? byte ^ 1 : byte));
        expect(crc32c(flipped)).not.toBe(sum);
      }),
    );
  });
});

test('the document of a user has the id of the user’s secret, outside the mirror', () => {
  expect(tokenPath('ada@example.com')).toBe('oauthTokens/calendar-oauth-user-ada_40example_2Ecom');
});
