/** Properties of the kinds of any change, of items as they are and as they should not be. */
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RESOURCES } from '../../../../functions/calendar/resources.ts';
import type { Change } from '../../../../functions/feed/change.ts';
import { describeChange } from '../../../../functions/feed/describe.ts';
import { KINDS, kindsOf } from '../../../../functions/feed/kinds.ts';
import { sentenceOf } from '../../../../functions/feed/sentence.ts';
import { sampleChange } from '../../../support/sample-change.ts';
import { hostileEntry } from '../../../support/hostile-items.ts';

type Fields = Readonly<Record<string, unknown>>;
type Resource = Change['resource'];

const json = fc.jsonValue({ maxDepth: 2 });
const time = fc.oneof(
  fc.record({ date: fc.constantFrom('2030-01-07', '2030-01-08', 'never') }),
  fc.record(
    {
      dateTime: fc.constantFrom(
        '2030-01-07T10:00:00+01:00',
        '2030-01-07T09:00:00Z',
        '2030-01-07T12:00:00',
        'x',
      ),
      timeZone: fc.constantFrom('Europe/Zurich', 'GMT+02:00', 'Mars'),
    },
    { requiredKeys: ['dateTime'] },
  ),
  json,
);
const attendee = fc.record(
  {
    email: fc.constantFrom('ada@example.com', 'Ada@example.com', 'bo@example.com', 'cy@example.com'),
    id: fc.constantFrom('1', '2'),
    responseStatus: fc.constantFrom('accepted', 'declined', 'needsAction'),
    organizer: fc.boolean(),
    comment: fc.constantFrom('late'),
  },
  { requiredKeys: [] },
);
const text = fc.constantFrom('a', 'b');
const FIELDS: Readonly<Record<Resource, Readonly<Record<string, fc.Arbitrary<unknown>>>>> = {
  events: {
    start: time,
    end: time,
    originalStartTime: time,
    attendees: fc.oneof(fc.array(attendee, { maxLength: 4 }), json),
    attendeesOmitted: fc.boolean(),
    status: fc.constantFrom('confirmed', 'tentative', 'cancelled', 7),
    organizer: fc.record({ email: text }),
    summary: fc.oneof(text, json),
    description: text,
    location: text,
    hangoutLink: text,
    conferenceData: json,
    recurrence: fc.oneof(fc.array(text), json),
    reminders: json,
    transparency: text,
    attachments: json,
    extendedProperties: json,
    colorId: text,
    sequence: fc.nat({ max: 2 }),
    mood: json,
    ['__proto__']: json,
  },
  acl: { role: fc.constantFrom('none', 'reader', 'writer'), scope: fc.record({ value: text }), mood: json },
  calendarList: {
    summary: text,
    summaryOverride: text,
    hidden: fc.oneof(fc.boolean(), json),
    deleted: fc.boolean(),
    timeZone: text,
    accessRole: text,
    colorId: text,
    defaultReminders: json,
    mood: json,
  },
  settings: { value: fc.oneof(text, json), mood: json },
};

/** Items as they are parsed from JSON: `__proto__` is an own key. */
const itemOf = (resource: Resource): fc.Arbitrary<Fields> =>
  fc
    .record({ etag: text, ...FIELDS[resource] }, { requiredKeys: [] })
    .map((fields): Fields => JSON.parse(JSON.stringify({ id: 'a', ...fields })));

const pair = fc
  .constantFrom(...RESOURCES)
  .chain((resource) =>
    fc.record({ resource: fc.constant(resource), before: itemOf(resource), after: itemOf(resource) }),
  );

const updated = (resource: Resource, before: Fields, after: Fields): readonly string[] =>
  kindsOf({ resource, change: 'updated', before, after });

test('a difference in any field gives at least one kind', () => {
  fc.assert(
    fc.property(pair, ({ resource, before, after }) => {
      expect(updated(resource, before, after).length > 0).toBe(
        !isDeepStrictEqual(before, after) || resource === 'events',
      );
    }),
    { numRuns: 2000 },
  );
});

test('equal content gives no kind but touched', () => {
  fc.assert(
    fc.property(pair, fc.uuid(), ({ resource, before }, etag) => {
      const kinds = updated(resource, before, structuredClone(before));
      expect(kinds).toEqual(resource === 'events' ? ['touched'] : []);
      const edited = { ...before, etag, updated: etag, sequence: 7 };
      expect(updated('events', before, edited)).toEqual(['touched']);
    }),
  );
});

test('a field alone that differs gives another kind than touched, and one of tomorrow is other', () => {
  const field = pair.chain(({ resource, before }) =>
    fc.record({
      resource: fc.constant(resource),
      before: fc.constant(before),
      name: fc.oneof(fc.constantFrom(...Object.keys(FIELDS[resource])), fc.constant('of tomorrow')),
      value: fc.uuid(),
    }),
  );
  fc.assert(
    fc.property(field, ({ resource, before, name, value }) => {
      fc.pre(name !== 'sequence');
      const after: Fields = { ...before, [name]: value };
      const kinds = updated(resource, before, after);
      expect(kinds.length).toBeGreaterThan(0);
      expect(kinds).not.toContain('touched');
      const unknown = KINDS[resource].at(resource === 'events' ? -2 : -1);
      expect(name === 'of tomorrow' ? kinds : [unknown]).toEqual([unknown]);
    }),
    { numRuns: 2000 },
  );
});

const OPPOSITES: Readonly<Record<string, string>> = {
  invited: 'uninvited',
  uninvited: 'invited',
  cancelled: 'restored',
  granted: 'revoked',
  revoked: 'granted',
  added: 'removed',
  removed: 'added',
  hidden: 'shown',
  shown: 'hidden',
};

test('the kinds of a change and of its reverse correspond', () => {
  fc.assert(
    fc.property(pair, ({ resource, before, after }) => {
      const [there, back] = [updated(resource, before, after), updated(resource, after, before)];
      const opposite = there.map((kind) => OPPOSITES[kind] ?? kind);
      // What was edited as well shows only when the event is restored.
      const isHidden = there.includes('cancelled') && back.includes('restored');
      const expected = there.includes('restored') ? ['cancelled'] : isHidden ? back : opposite;
      expect(new Set(back)).toEqual(new Set(expected));
    }),
    { numRuns: 2000 },
  );
});

const item = fc.oneof(
  hostileEntry.map((entry): unknown => JSON.parse(JSON.stringify(entry) ?? 'null')),
  itemOf('events'),
);
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const change = fc.record({
  resource: fc.constantFrom(...RESOURCES),
  change: fc.constantFrom('created' as const, 'updated' as const, 'deleted' as const, 'snapshot' as const),
  before: fc.option(item.filter(isObject)),
  after: fc.option(item.filter(isObject)),
  replaced: fc.option(item.filter(isObject), { nil: undefined }),
  omitted: fc.option(fc.subarray(['before', 'description', 'start', '*'], { minLength: 1 }), {
    nil: undefined,
  }),
});

describe('of any items', () => {
  test('the kinds are those of the resource, in order', () => {
    fc.assert(
      fc.property(change, (given) => {
        const kinds = kindsOf(given);
        expect(kinds).toEqual(KINDS[given.resource].filter((kind) => kinds.includes(kind)));
        expect(given.change === 'snapshot' && kinds.length > 0).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test('a change is described by a detail for each kind, and in a sentence', () => {
    fc.assert(
      fc.property(change, ({ replaced, ...given }) => {
        const kinds = kindsOf({ ...given, replaced });
        const whole: Change = {
          ...sampleChange(given.before, given.after),
          ...given,
          kinds: [...kinds],
          omitted: given.omitted,
        };
        const described = describeChange(whole).map(({ kind }) => kind);
        expect(kinds.length === 0 ? kinds : [...new Set(described)]).toEqual(kinds);
        expect(sentenceOf(whole)).not.toMatch(/[\p{Cc}\u2028\u2029\u202A-\u202E]/u);
      }),
      { numRuns: 1000 },
    );
  });
});
