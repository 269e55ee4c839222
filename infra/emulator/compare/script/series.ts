import { type Step, at, items, textAt } from '../step.ts';

const SERIES = {
  summary: 'Stand-up',
  start: { dateTime: '2031-04-07T09:00:00', timeZone: 'Europe/Warsaw' },
  end: { dateTime: '2031-04-07T09:15:00', timeZone: 'Europe/Warsaw' },
};
const WEEK = 'timeMin=2031-04-07T00:00:00Z&timeMax=2031-04-14T00:00:00Z';

const instance =
  (index: number) =>
  ({ body }: { body: (step: string) => unknown }): string =>
    encodeURIComponent(textAt(body('occurrences'), `items.${index}.id`) ?? 'missing');

const insert = (name: string, recurrence: readonly string[], fields: object = SERIES): Step => ({
  name,
  call: ({ calendar }) => ({ method: 'POST', path: `${calendar}/events`, body: { ...fields, recurrence } }),
});

const list = (name: string, query: string): Step => ({
  name,
  call: ({ calendar }) => ({ method: 'GET', path: `${calendar}/events?${query}` }),
  rules: ({ body }) => ({
    events: items(body).length,
    cancelled: items(body).filter((event) => at(event, 'status') === 'cancelled').length,
  }),
});

/** Series and their occurrences. */
export const seriesSteps: readonly Step[] = [
  insert('a series', ['RRULE:FREQ=DAILY;COUNT=5']),
  insert('a rule that is not one', ['RRULE:FREQ=SOMETIMES']),
  insert('a rule that counts down', ['RRULE:FREQ=DAILY;COUNT=-1']),
  insert('a rule until a local time', ['RRULE:FREQ=DAILY;UNTIL=20310501T000000']),
  insert('a series without a time zone', ['RRULE:FREQ=DAILY;COUNT=2'], {
    start: { dateTime: '2031-04-07T09:00:00Z' },
    end: { dateTime: '2031-04-07T09:15:00Z' },
  }),
  {
    name: 'occurrences',
    call: ({ calendar, text }) => ({
      method: 'GET',
      path: `${calendar}/events/${text('a series', 'id')}/instances`,
    }),
    rules: ({ body }, { body: seen }) => ({
      events: items(body).length,
      'ids are the series and the start': items(body).map((event) =>
        String(at(event, 'id')).replace(String(at(seen('a series'), 'id')), 'series'),
      ),
      'all share the iCalUID': items(body).every(
        (event) => at(event, 'iCalUID') === at(seen('a series'), 'iCalUID'),
      ),
    }),
  },
  {
    name: 'occurrences of a single event',
    call: ({ calendar, text }) => ({
      method: 'GET',
      path: `${calendar}/events/${text('an event', 'id')}/instances`,
    }),
  },
  {
    name: 'an occurrence',
    call: (seen) => ({ method: 'GET', path: `${seen.calendar}/events/${instance(1)(seen)}` }),
  },
  {
    name: 'an occurrence that does not exist',
    call: ({ calendar, text }) => ({
      method: 'GET',
      path: `${calendar}/events/${text('a series', 'id')}_20310101T090000Z`,
    }),
  },
  {
    name: 'a moved occurrence',
    call: (seen) => ({
      method: 'PATCH',
      path: `${seen.calendar}/events/${instance(1)(seen)}`,
      body: {
        start: { dateTime: '2031-04-08T12:00:00', timeZone: 'Europe/Warsaw' },
        end: { dateTime: '2031-04-08T12:15:00', timeZone: 'Europe/Warsaw' },
      },
    }),
    rules: ({ body }) => ({ 'keeps its original start': at(body, 'originalStartTime.dateTime') }),
  },
  {
    name: 'an occurrence that recurs itself',
    call: (seen) => ({
      method: 'PATCH',
      path: `${seen.calendar}/events/${instance(3)(seen)}`,
      body: { recurrence: ['RRULE:FREQ=DAILY;COUNT=2'] },
    }),
  },
  {
    name: 'a deleted occurrence',
    call: (seen) => ({
      method: 'DELETE',
      path: `${seen.calendar}/events/${instance(2)(seen)}?sendUpdates=none`,
    }),
  },
  list('series and exceptions', WEEK),
  list('series and exceptions, deleted ones too', `${WEEK}&showDeleted=true`),
  list('single events', `${WEEK}&singleEvents=true&orderBy=startTime`),
  list('single events, deleted ones too', `${WEEK}&singleEvents=true&showDeleted=true`),
  {
    name: 'free or busy',
    call: ({ calendar }) => ({
      method: 'POST',
      path: '/freeBusy',
      body: {
        timeMin: '2031-04-07T00:00:00Z',
        timeMax: '2031-04-14T00:00:00Z',
        items: [{ id: decodeURIComponent(calendar.replace('/calendars/', '')) }],
      },
    }),
    rules: ({ body }, { calendar }) => {
      const calendars = at(body, 'calendars');
      const own = decodeURIComponent(calendar.replace('/calendars/', ''));
      const busy =
        typeof calendars === 'object' && calendars !== null ? Reflect.get(calendars, own) : undefined;
      return { busy: at(busy, 'busy') };
    },
  },
  {
    name: 'free or busy in a window that ends before it starts',
    call: () => ({
      method: 'POST',
      path: '/freeBusy',
      body: { timeMin: '2031-04-07T00:00:00Z', timeMax: '2031-04-06T00:00:00Z', items: [] },
    }),
  },
  {
    name: 'free or busy over ten years',
    call: () => ({
      method: 'POST',
      path: '/freeBusy',
      body: { timeMin: '2031-01-01T00:00:00Z', timeMax: '2041-01-01T00:00:00Z', items: [] },
    }),
  },
];
