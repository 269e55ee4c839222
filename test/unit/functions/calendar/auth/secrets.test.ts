import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { userSecret } from '../../../../../functions/calendar/auth/secrets.ts';
import { anyCharacter } from '../../../../support/any-character.ts';

describe('the secret of a user', () => {
  test.each([
    ['me', 'calendar-oauth-user-me'],
    ['ada@example.com', 'calendar-oauth-user-ada_40example_2Ecom'],
    ['ada-b_c+d@example.com', 'calendar-oauth-user-ada-b_5Fc_2Bd_40example_2Ecom'],
    ['zoë@example.com', 'calendar-oauth-user-zo_C3_AB_40example_2Ecom'],
  ])('%s is %s', (user, id) => {
    expect(userSecret(user)).toBe(id);
  });

  test('has an id that Secret Manager accepts, for any user', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 320 }), (user) => {
        expect(userSecret(user)).toMatch(/^[A-Za-z0-9_-]{1,255}$/);
      }),
    );
  });

  test('is unique to the user', () => {
    const users = fc.oneof(
      fc.emailAddress(),
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 320 }),
    );
    fc.assert(
      fc.property(users, users, (one, other) => {
        expect(userSecret(one) === userSecret(other)).toBe(one === other);
      }),
    );
  });

  test('of an over-long address is its hash', () => {
    const user = `${'a'.repeat(300)}@example.com`;
    expect(userSecret(user)).toMatch(/^calendar-oauth-user-[0-9a-f]{64}$/);
  });
});
