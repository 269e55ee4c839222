import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { userSecret } from '../../../../../functions/calendar/auth/secrets.ts';
import { userOfSecret } from '../../../../../infra/cli/tokens/stores.ts';
import { anyCharacter } from '../../../../support/any-character.ts';

test('the user of a secret is read from its id, whatever characters the user has', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 60 }), (user) => {
      fc.pre(user.isWellFormed() && userSecret(user).length < 85);
      expect(userOfSecret(userSecret(user))).toBe(user);
    }),
  );
});

test('the user of a hashed or foreign id is not known', () => {
  expect(userOfSecret(userSecret(`${'a'.repeat(300)}@example.com`))).toBeUndefined();
  expect(userOfSecret('calendar-oauth-user-_ZZ')).toBeUndefined();
});
