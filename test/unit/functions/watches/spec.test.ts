import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EVENT_TYPES } from '../../../../functions/calendar/resources.ts';
import { parseSpec, type WatchSpec } from '../../../../functions/watches/spec.ts';

const EVENTS = { user: 'ana@example.com', resource: 'events', calendarId: 'team@example.com' };
const LIST = { user: 'ana@example.com', resource: 'calendarList' } as const;

function watchSpec(spec: unknown): WatchSpec {
  const parsed = parseSpec(spec);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

describe('a spec', () => {
  test('is a spec with everything filled in', () => {
    expect(watchSpec(EVENTS)).toEqual({
      target: EVENTS,
      parameters: { singleEvents: false, eventTypes: [] },
      auth: undefined,
      removed: undefined,
      collection: 'users/ana@example.com/calendars/team@example.com/events',
      parametersKey: watchSpec(EVENTS).parametersKey,
    });
  });

  test.each([
    [{ user: 'me', resource: 'calendarList' }, 'users/me/calendarList'],
    [{ user: 'ana@example.com', resource: 'settings' }, 'users/ana@example.com/settings'],
    [{ user: 'me', resource: 'acl', calendarId: 'a/b' }, 'users/me/calendars/a%2Fb/acl'],
    [{ ...EVENTS, calendarId: '..' }, 'users/ana@example.com/calendars/%2E%2E/events'],
  ])('%j names its collection', (spec, collection) => {
    expect(watchSpec(spec)).toMatchObject({ collection });
  });

  test('of the primary calendar is the same spec as by its id', () => {
    const primary = watchSpec({ ...EVENTS, calendarId: 'primary' });
    expect(primary).toEqual(watchSpec({ ...EVENTS, calendarId: EVENTS.user }));
    expect(primary.target.calendarId).toBe(EVENTS.user);
  });

  test.each([
    ['nothing', undefined, ''],
    ['null', null, ''],
    ['text', 'events', ''],
    ['a list', [EVENTS], ''],
    ['no user', { ...EVENTS, user: undefined }, 'user'],
    ['an empty user', { ...EVENTS, user: '' }, 'user'],
    ['a user that is not an address', { ...EVENTS, user: 'ana' }, 'user'],
    ['a user with a blank', { ...EVENTS, user: 'ana b@example.com' }, 'user'],
    ['a user with something after the address', { ...EVENTS, user: 'ana@example.com b' }, 'user'],
    ['a user with two signs', { ...EVENTS, user: 'ana@b@example.com' }, 'user'],
    ['a user of 321 characters', { ...EVENTS, user: `${'a'.repeat(309)}@example.com` }, 'user'],
    ['a user that is a number', { ...EVENTS, user: 7 }, 'user'],
    ['no resource', { ...EVENTS, resource: undefined }, 'resource'],
    ['an unknown resource', { ...EVENTS, resource: 'tasks' }, 'resource'],
    ['events without a calendar', { user: 'me', resource: 'events' }, 'calendarId'],
    ['rules without a calendar', { user: 'me', resource: 'acl' }, 'calendarId'],
    ['an empty calendar', { ...EVENTS, calendarId: '' }, 'calendarId'],
    ['a calendar id of 1,025 characters', { ...EVENTS, calendarId: 'c'.repeat(1025) }, 'calendarId'],
    ['a calendar id that no path holds', { ...EVENTS, calendarId: '日%'.repeat(512) }, 'calendarId'],
    ['the primary calendar of "me"', { ...EVENTS, user: 'me', calendarId: 'primary' }, 'calendarId'],
    ['settings of a calendar', { ...EVENTS, resource: 'settings' }, 'calendarId'],
    ['a calendar list of a calendar', { ...EVENTS, resource: 'calendarList' }, 'calendarId'],
    ['unknown event types', { ...EVENTS, eventTypes: ['default', 'party'] }, 'eventTypes.1'],
    ['event types that are no list', { ...EVENTS, eventTypes: 'default' }, 'eventTypes'],
    ['event types of rules', { ...EVENTS, resource: 'acl', eventTypes: [] }, 'eventTypes'],
    ['single events that are a word', { ...EVENTS, singleEvents: 'yes' }, 'singleEvents'],
    ['single events of rules', { ...EVENTS, resource: 'acl', singleEvents: true }, 'singleEvents'],
    ['an unknown way to authorise', { ...EVENTS, auth: 'magic' }, 'auth'],
    ['events that follow', { ...EVENTS, follow: { role: 'reader' } }, 'follow'],
    ['following without a role', { ...LIST, follow: {} }, 'follow.role'],
    [
      'following by a role that shows no events',
      { ...LIST, follow: { role: 'freeBusyReader' } },
      'follow.role',
    ],
    ['following of nothing', { ...LIST, follow: { role: 'owner', resources: [] } }, 'follow.resources'],
    [
      'following of lists',
      { ...LIST, follow: { role: 'owner', resources: ['calendarList'] } },
      'follow.resources.0',
    ],
    [
      'a clock of followed rules',
      { ...LIST, follow: { role: 'owner', resources: ['acl'], clock: ['start'] } },
      'follow.clock',
    ],
    [
      'an invalid clock of followed events',
      { ...LIST, follow: { role: 'owner', clock: ['start', '10m'] } },
      'follow.clock.moments.1',
    ],
    [
      'event types of followed rules',
      { ...LIST, follow: { role: 'owner', resources: ['acl'], eventTypes: [] } },
      'follow.eventTypes',
    ],
    [
      'an unknown fate of what is unlisted',
      { ...LIST, follow: { role: 'owner', unlisted: 'hide' } },
      'follow.unlisted',
    ],
    ['an unknown removal', { ...EVENTS, removed: true }, 'removed'],
    ['a field with a slip of the pen', { ...EVENTS, calenderId: 'x' }, ''],
  ])('with %s is refused, and the field named', (_, spec, field) => {
    const parsed = parseSpec(spec);
    expect(parsed.ok ? 'accepted' : parsed.problem).toContain(`spec.${field}: `);
  });

  test.each([
    [{ ...EVENTS, user: 'ana' }, 'spec.user: must be an email address or "me"'],
    [{ user: 'me', resource: 'acl' }, 'spec.calendarId: is required to watch acl'],
    [
      { ...EVENTS, user: 'me', calendarId: 'primary' },
      'spec.calendarId: cannot be "primary" for the user "me": give the calendar\'s id',
    ],
    [{ ...EVENTS, resource: 'settings' }, 'spec.calendarId: is not valid with settings'],
    [{ ...EVENTS, resource: 'acl', eventTypes: [] }, 'spec.eventTypes: is only valid with events'],
    [{ ...EVENTS, resource: 'acl', singleEvents: false }, 'spec.singleEvents: is only valid with events'],
    [{ ...EVENTS, calendarId: '日%'.repeat(512) }, 'spec.calendarId: is too long for Firestore'],
  ])('of %j is rejected with a problem that says what to fix', (spec, problem) => {
    expect(parseSpec(spec)).toMatchObject({ ok: false, problem });
  });

  test('with a misspelt field is rejected by its name', () => {
    const parsed = parseSpec({ ...EVENTS, calenderId: 'x' });
    expect(parsed.ok ? 'accepted' : parsed.problem).toContain('calenderId');
  });

  test('with several errors names all of them, in a text that a document can hold', () => {
    const parsed = parseSpec({ user: 'ana', resource: 'acl', singleEvents: true });
    expect(parsed.ok ? '' : parsed.problem).toMatch(/spec\.user.*; spec\.calendarId.*; spec\.singleEvents/s);
    const many = parseSpec({ ...EVENTS, eventTypes: Array.from({ length: 500 }, () => 'party') });
    expect(many.ok ? 0 : many.problem.length).toBeLessThanOrEqual(1000);
  });

  test('is only ever rejected, whatever it is', () => {
    const spec = fc.oneof(
      fc.anything(),
      fc.record({
        user: fc.anything(),
        resource: fc.constantFrom('events', 'acl'),
        calendarId: fc.anything(),
      }),
    );
    fc.assert(
      fc.property(spec, (given) => {
        expect(parseSpec(given).ok).toBeTypeOf('boolean');
      }),
    );
  });
});

/** What a spec's parameters mean. */
const meaning = (given: { singleEvents?: boolean; eventTypes?: string[]; auth?: string }): string =>
  JSON.stringify([given.singleEvents ?? false, [...new Set(given.eventTypes)].toSorted(), given.auth]);

const keyOf = (...eventTypes: string[]): string => watchSpec({ ...EVENTS, eventTypes }).parametersKey;

describe('the key of the parameters', () => {
  const parameters = fc.record(
    {
      singleEvents: fc.boolean(),
      eventTypes: fc.array(fc.constantFrom(...EVENT_TYPES)),
      auth: fc.constantFrom('service-account', 'delegation', 'oauth', 'emulator'),
    },
    { requiredKeys: [] },
  );
  test('changes if and only if something changes that channels and sync tokens depend on', () => {
    fc.assert(
      fc.property(parameters, parameters, (one, other) => {
        const same =
          watchSpec({ ...EVENTS, ...one }).parametersKey === watchSpec({ ...EVENTS, ...other }).parametersKey;
        expect(same).toBe(meaning(one) === meaning(other));
      }),
      { numRuns: 1000 },
    );
  });

  test('does not change with what is followed, so that editing it replaces no channel', () => {
    expect(watchSpec({ ...LIST, follow: { role: 'owner' } }).parametersKey).toBe(
      watchSpec(LIST).parametersKey,
    );
  });

  test('does not change with a request for removal', () => {
    expect(watchSpec({ ...EVENTS, removed: 'keep' }).parametersKey).toBe(watchSpec(EVENTS).parametersKey);
  });

  test('does not change with the order of event types, nor with one that comes twice', () => {
    expect(keyOf('default', 'birthday')).toBe(keyOf('birthday', 'default', 'birthday'));
  });
});
