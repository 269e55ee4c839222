/** The indexes of events, against what a search through all events finds. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byICalUID, bySeries, bySplit } from '../../../infra/emulator/event/groups.ts';
import { expand, inWindow, type Window } from '../../../infra/emulator/event/instances.ts';
import { listAll } from '../../../infra/emulator/event/list.ts';
import { parseEventQuery } from '../../../infra/emulator/event/query.ts';
import { timeIndexOf } from '../../../infra/emulator/event/time-index.ts';
import { spanOf } from '../../../infra/emulator/event/times.ts';
import { putVerbatim } from '../../../infra/emulator/event/verbatim.ts';
import { openCalendar } from '../../../infra/emulator/state/access.ts';
import { itemsOf, type Page, type Pages, START } from '../../../infra/emulator/state/pages.ts';
import { createStore } from '../../../infra/emulator/state/store.ts';
import { isCancelled, isRecurring, type StoredEvent } from '../../../infra/emulator/state/stored-event.ts';

const ADA = 'ada@example.com';
const HOUR = 3_600_000;
const NOW = Date.UTC(2030, 0, 1);

function openStore(timeZone = 'UTC') {
  const store = createStore({ clock: { now: () => NOW } });
  store.signIn(ADA);
  const access = openCalendar(store, ADA, ADA, 'owner');
  access.calendar.fields = { ...access.calendar.fields, timeZone };
  return { store, access, calendar: access.calendar };
}

/** Mostly within a few days, where the hours of a time zone matter. */
const moment = fc
  .oneof(
    { weight: 3, arbitrary: fc.integer({ min: -72, max: 72 }) },
    fc.integer({ min: -24 * 400, max: 24 * 400 }),
  )
  .map((hours) => NOW + hours * HOUR);
const time = fc.oneof(
  moment.map((ms) => ({ dateTime: new Date(ms).toISOString() })),
  moment.map((ms) => ({ date: new Date(ms).toISOString().slice(0, 10) })),
  fc.constant(undefined),
);
const ids = ['a', 'b', 'a_R1', 'a_R1_R2', 'b_R20300101', 'c'];
const recurrence = fc.constantFrom(
  ['RRULE:FREQ=DAILY;COUNT=3'],
  ['RRULE:FREQ=WEEKLY'],
  ['RRULE:FREQ=MONTHLY;UNTIL=20300601T000000Z'],
  ['RDATE;VALUE=DATE:20310101', 'EXDATE;VALUE=DATE:20300101'],
  ['no rule'],
);
/** Events as Google or a careless test may have them: without times, with an end before the start, of any length. */
const event = fc.record(
  {
    id: fc.constantFrom(...ids),
    iCalUID: fc.constantFrom('uid-1', 'uid-2'),
    recurringEventId: fc.constantFrom('a', 'b', 'elsewhere'),
    start: time,
    end: time,
    recurrence,
    status: fc.constantFrom('confirmed', 'cancelled'),
    summary: fc.constantFrom('one', 'two'),
  },
  { requiredKeys: ['id', 'start', 'end'] },
);
const zone = fc.constantFrom('UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Zurich');
const window = fc
  .tuple(
    fc.option(moment, { nil: undefined }),
    fc.option(fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 24 * 900 })), {
      nil: undefined,
    }),
  )
  .map(([timeMin, hours]) => ({
    timeMin,
    timeMax:
      hours === undefined && timeMin !== undefined ? undefined : (timeMin ?? NOW) + (hours ?? 1) * HOUR,
  }));

const takesPlace = (value: StoredEvent, within: Window, timeZone: string): boolean =>
  isRecurring(value)
    ? expand(value, within, timeZone, NOW).length > 0
    : inWindow(spanOf(value.fields, timeZone), within);

describe('an index is what a search through all events finds, after any edits', () => {
  test('of series, of splits and of iCalUIDs', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.boolean()), { maxLength: 40 }), (edits) => {
        const { store, calendar } = openStore();
        const check = (
          found: (id: string) => readonly { value: StoredEvent }[],
          is: (event: StoredEvent, key: string) => boolean,
        ) => {
          for (const key of [...ids, 'uid-1', 'uid-2', 'elsewhere'])
            expect(found(key)).toEqual(calendar.events.entries().filter(({ value }) => is(value, key)));
        };
        for (const [each, checks] of edits) {
          putVerbatim(store, calendar, each);
          if (!checks) continue;
          check(
            (key) => bySeries(calendar.events, key),
            ({ recurringEventId }, key) => recurringEventId === key,
          );
          check(
            (key) => bySplit(calendar.events, key),
            ({ id }, key) => id.startsWith(`${key}_R`),
          );
          check(
            (key) => byICalUID(calendar.events, key),
            ({ iCalUID }, key) => iCalUID === key,
          );
        }
      }),
    );
  });

  test('of time, in every time zone', () => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 25 }),
        fc.array(window, { minLength: 1, maxLength: 5 }),
        zone,
        (edits, windows, timeZone) => {
          const { store, calendar } = openStore(timeZone);
          for (const [index, each] of edits.entries()) {
            putVerbatim(store, calendar, each);
            const within = windows[index % windows.length] ?? {};
            const found = [...timeIndexOf(calendar.events).within(within)];
            expect(found).toEqual([...new Set(found)].toSorted((a, b) => a - b));
            const expected = calendar.events
              .entries()
              .filter(({ value }) => takesPlace(value, within, timeZone));
            expect(found).toEqual(expect.arrayContaining(expected.map(({ position }) => position)));
          }
        },
      ),
    );
  });
});

describe('a list of a window', () => {
  test('has the events of the whole list that take place in it, in the same order', () => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 25 }),
        window,
        zone,
        fc.boolean(),
        (edits, within, timeZone, single) => {
          const { store, access, calendar } = openStore(timeZone);
          for (const each of edits) putVerbatim(store, calendar, each);
          const parameters = new URLSearchParams({ singleEvents: String(single), showDeleted: 'true' });
          const query = { ...parseEventQuery(parameters, NOW), ...within };
          const found = itemsOf(listAll({ access, query, now: NOW, startedAt: store.startedAt }));
          const expected = calendar.events.entries().flatMap(({ value }) => {
            if (!single || !isRecurring(value)) return takesPlace(value, within, timeZone) ? [value] : [];
            if (isCancelled(value)) return [];
            return expand(value, within, timeZone, NOW).filter(
              ({ id }) => calendar.events.get(id) === undefined,
            );
          });
          expect(found).toEqual(expected);
        },
      ),
    );
  });
});

/** Reads a list to its end, `size` items at a time. Before each page but the first, `between` is called. */
function readPages<T>(pages: Pages<T>, size: number, between: () => void): T[] {
  const items: T[] = [];
  for (let page: Page<T> = pages(START, size); ; page = pages(page.next, size)) {
    items.push(...page.items);
    if (page.next === undefined) return items;
    expect(page.items).toHaveLength(size);
    between();
  }
}

test('the pages of a list are those of the moment when it began, whatever is edited between them', () => {
  const edits = fc.array(event, { minLength: 1, maxLength: 25 });
  fc.assert(
    fc.property(
      edits,
      edits,
      window,
      fc.boolean(),
      fc.integer({ min: 1, max: 4 }),
      (before, later, within, single, size) => {
        const { store, access, calendar } = openStore();
        for (const each of before) putVerbatim(store, calendar, each);
        const parameters = new URLSearchParams({ singleEvents: String(single) });
        // A window, so that endless series are short.
        const timeMax = within.timeMax ?? NOW + 30 * 24 * HOUR;
        const query = { ...parseEventQuery(parameters, NOW), ...within, timeMax };
        const begin = () => listAll({ access, query, now: NOW, startedAt: store.startedAt });
        const expected = itemsOf(begin());
        let edited = 0;
        const items = readPages(begin(), size, () => {
          putVerbatim(store, calendar, later[edited++ % later.length] ?? {});
          calendar.fields = { ...calendar.fields, timeZone: 'Pacific/Kiritimati' };
        });
        expect(items).toEqual(expected);
      },
    ),
  );
});
