/** The warning about calendar lists that are empty. */
import { expect, test } from 'vitest';
import { emptyListHint } from '../../../../infra/cli/follow-options.ts';

const list = { user: 'me', resource: 'calendarList' } as const;
const events = { user: 'me', resource: 'events', calendarId: 'c' } as const;

test.each([
  ['a list, where the functions use their account', [list], 'service-account', /^The calendar list is empty/],
  [
    'a list with that mode of its own',
    [{ ...list, auth: 'service-account' }],
    'oauth',
    /^The calendar list is/,
  ],
  [
    'a list, where their mode is not known',
    [events, list],
    undefined,
    /^If the functions use their service account/,
  ],
] as const)('%s is warned about', (_, specs, deployed, hint) => {
  expect(emptyListHint(specs, deployed)).toMatch(hint);
});

test.each([
  ['a list of a user', [list], 'delegation'],
  ['a list with credentials of its own', [{ ...list, auth: 'oauth' }], undefined],
  ['events', [events], 'service-account'],
] as const)('%s is not warned about', (_, specs, deployed) => {
  expect(emptyListHint(specs, deployed)).toBeUndefined();
});
