/** What is measured of an emulator. */
import { idOf, eventOf, OWNER, WEEK_OF_MIDDLE } from './calendar.ts';
import {
  afterChanges,
  EVENTS,
  inserts,
  notifications,
  timed,
  traversals,
  type Calendar,
  type Prepare,
} from './measurements.ts';

export interface Operation {
  readonly name: string;
  /** Whether the emulator that it is compared with has it. */
  readonly shared?: boolean;
  /** Whether its time is expected to grow with the calendar. */
  readonly grows?: boolean;
  /** From how many events on its answer is as large as it gets; 0 by default. */
  readonly fullFrom?: number;
  /** How many times it is measured, after a tenth as many times that do not count. */
  readonly times: number;
  readonly prepare: Prepare;
}

/** The names that the marks need. */
export const NAMES = {
  start: 'start to first answer, with a seed',
  page: 'list: page of 2,500',
  changes: ['nothing', 'one event', 'ten events'].map((changed) => `list: ${changed} changed`),
  insert: 'insert',
  inserts: 'insert: eight connections, each event',
} as const;

const WEEK = `maxResults=250&${WEEK_OF_MIDDLE}`;
const newEvent = (calendar: Calendar): object => {
  const { id: _, ...event } = eventOf(calendar.count + ++calendar.added, calendar.count);
  return event;
};

export const OPERATIONS: readonly Operation[] = [
  {
    name: 'list: page of 250',
    shared: true,
    fullFrom: 1000,
    times: 60,
    prepare: timed('GET', () => `${EVENTS}?maxResults=250`),
  },
  { name: NAMES.page, fullFrom: 10_000, times: 40, prepare: timed('GET', () => `${EVENTS}?maxResults=2500`) },
  { name: 'list: all pages of 2,500', grows: true, times: 5, prepare: traversals },
  { name: 'list: a week', shared: true, times: 100, prepare: timed('GET', () => `${EVENTS}?${WEEK}`) },
  {
    name: 'list: a week, single events',
    times: 100,
    prepare: timed('GET', () => `${EVENTS}?singleEvents=true&orderBy=startTime&${WEEK}`),
  },
  ...[0, 1, 10].map((count, index) => ({
    name: NAMES.changes[index] ?? '',
    times: 100,
    prepare: afterChanges(count),
  })),
  { name: 'get', times: 300, prepare: timed('GET', (calendar) => `${EVENTS}/${calendar.nextId()}`) },
  { name: NAMES.insert, shared: true, times: 2000, prepare: timed('POST', () => EVENTS, newEvent) },
  { name: NAMES.inserts, shared: true, times: 10, prepare: inserts(8, newEvent) },
  {
    name: 'patch',
    times: 500,
    prepare: timed(
      'PATCH',
      (calendar) => `${EVENTS}/${calendar.nextId()}`,
      () => ({ summary: `edited at ${String(performance.now())}` }),
    ),
  },
  {
    name: 'free/busy of a week',
    shared: true,
    times: 100,
    prepare: timed(
      'POST',
      () => '/calendar/v3/freeBusy',
      () => ({ ...Object.fromEntries(new URLSearchParams(WEEK_OF_MIDDLE)), items: [{ id: OWNER }] }),
    ),
  },
  { name: 'edit to notification, up to 10 ms of it on purpose', times: 100, prepare: notifications },
  {
    name: 'delete',
    shared: true,
    times: 60,
    prepare: timed('DELETE', (calendar) => `${EVENTS}/${idOf(calendar.removed++)}`),
  },
];
