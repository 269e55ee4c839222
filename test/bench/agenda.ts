/** What an agenda query reads, in a calendar with a short and with a long past. */
import { randomBytes } from 'node:crypto';
import type { Firestore } from '@google-cloud/firestore';
import { agendaOf, readAgenda } from '../../functions/agenda/index.ts';
import type { Item } from '../../functions/calendar/resources.ts';
import { fit } from '../../functions/mirror/data.ts';
import { createFirestore } from '../../functions/firestore/client.ts';
import { collectionPath, itemPath } from '../../functions/firestore/paths.ts';
import { itemDocument } from '../../functions/mirror/items.ts';
import { loadEventFields } from '../../functions/sync/event-fields.ts';
import { startBill } from '../support/firestore-bill.ts';
import { livingEvents, pastEvents, TODAY } from './agenda-calendar.ts';
import { figure, type Mark, type Result, type Size } from './figures.ts';
import { USER } from './large-calendar.ts';

const DAY = 86_400_000;
const TARGET = { user: USER, resource: 'events', calendarId: USER } as const;
const COLLECTION = collectionPath(TARGET);

const WINDOWS = [
  { name: 'today', days: 1 },
  { name: 'this week', days: 7 },
  { name: 'this month', days: 31 },
].map(({ name, days }) => ({ name, from: TODAY, to: TODAY + days * DAY }));
type Window = (typeof WINDOWS)[number];

/**
 * Index entries that Firestore skips for the price of one document.
 * @see https://firebase.google.com/docs/firestore/pricing#index-reads
 */
const ENTRIES_OF_A_READ = 1_000;

/** Writes events into the mirror as sync does. */
async function seed(firestore: Firestore, events: readonly Item[]): Promise<void> {
  const fieldsOf = await loadEventFields(events, 'UTC');
  const writer = firestore.bulkWriter({ throttling: false });
  for (const event of events) {
    // `close` waits for every write and reports failures.
    void writer.create(
      firestore.doc(itemPath(COLLECTION, event.id)),
      itemDocument(fit(event), 1, fieldsOf(event)),
    );
  }
  await writer.close();
}

interface Counted {
  readonly reads: number;
  readonly answer: number;
}

/** Queries a window, and counts the documents of the client's own requests and the index entries that Firestore skips. */
async function countIn(firestore: Firestore, { from, to }: Window): Promise<Counted> {
  const bill = startBill();
  const question = { user: USER, calendarId: USER, from: new Date(from), to: new Date(to), timeZone: 'UTC' };
  try {
    const { occurrences } = await readAgenda(firestore, question);
    const { reads } = bill.total();
    const later = firestore
      .collection(COLLECTION)
      .where('activeUntil', '>', new Date(from))
      .where('startsAt', '>=', new Date(to));
    const passed = (await later.count().get()).data().count;
    return { reads: reads + Math.ceil(passed / ENTRIES_OF_A_READ), answer: occurrences.length };
  } finally {
    bill.stop();
  }
}

function marksOf({ name }: Window, counted: readonly Counted[], sizes: readonly number[]): readonly Mark[] {
  const [small, large] = [counted[0], counted.at(-1)];
  if (small === undefined || large === undefined) throw new Error('nothing was counted');
  return [
    {
      what: `${name}, ${large.answer} events: reads`,
      value: Math.max(small.reads, large.reads),
      most: 2 * large.answer + 10,
    },
    {
      what: `${name}: reads with ${sizes.at(-1)} past events / with ${sizes[0]}`,
      value: large.reads / small.reads,
      most: 1,
    },
  ];
}

export async function measureAgenda(size: Size, tell: (line: string) => void): Promise<Result> {
  const sizes = size === 'full' ? [1_000, 100_000] : [20, 200];
  const firestore = createFirestore(`demo-${randomBytes(4).toString('hex')}`, '(default)');
  const living = livingEvents();
  const past = pastEvents(sizes.at(-1) ?? 0);
  const expected = WINDOWS.map(
    (window) => agendaOf([...living, ...past.slice(0, sizes[0])], window, 'UTC').occurrences.length,
  );
  const counted: Counted[][] = WINDOWS.map(() => []);
  try {
    await seed(firestore, living);
    let seeded = 0;
    for (const events of sizes) {
      tell(`${events} past events`);
      await seed(firestore, past.slice(seeded, events));
      seeded = events;
      for (const [index, window] of WINDOWS.entries()) {
        const each = await countIn(firestore, window);
        if (each.answer !== expected[index])
          throw new Error(`${window.name} has ${each.answer} events, and not ${expected[index]}`);
        counted[index]?.push(each);
      }
    }
  } finally {
    await firestore.terminate();
  }
  const column = (index: number, value: (each: Counted) => number): number[] =>
    (counted[index] ?? []).map(value);
  return {
    figures: WINDOWS.flatMap(({ name }, index) => [
      figure(
        `${name}: on`,
        'events',
        column(index, ({ answer }) => answer),
      ),
      figure(
        `${name}: read`,
        'documents',
        column(index, ({ reads }) => reads),
      ),
    ]),
    marks: WINDOWS.flatMap((window, index) => marksOf(window, counted[index] ?? [], sizes)),
  };
}
