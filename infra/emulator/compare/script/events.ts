import { type Step, at, items } from '../step.ts';

const TIMES = {
  start: { dateTime: '2031-03-03T09:00:00+01:00', timeZone: 'Europe/Warsaw' },
  end: { dateTime: '2031-03-03T10:00:00+01:00', timeZone: 'Europe/Warsaw' },
};

const insert = (name: string, body: unknown, query = ''): Step => ({
  name,
  call: ({ calendar }) => ({ method: 'POST', path: `${calendar}/events${query}`, body }),
});

const list = (name: string, query: string): Step => ({
  name,
  call: ({ calendar }) => ({ method: 'GET', path: `${calendar}/events?${query}` }),
  rules: ({ body }) => ({ events: items(body).length }),
});

/** Single events: written, read, listed, versions, moved and deleted. No one is invited. */
export const eventSteps: readonly Step[] = [
  insert('an event', {
    summary: 'Planning',
    ...TIMES,
    extendedProperties: { private: { a: '1', [`long${'g'.repeat(44)}`]: 'dropped' } },
  }),
  insert('an event of two days', {
    summary: 'Trip',
    start: { date: '2031-03-05' },
    end: { date: '2031-03-07' },
  }),
  insert('an event without an end', { summary: 'Endless', start: TIMES.start }),
  insert('an event that ends before it starts', { summary: 'Back', start: TIMES.end, end: TIMES.start }),
  insert('an event without a time zone or an offset', {
    start: { dateTime: '2031-03-03T09:00:00' },
    end: { dateTime: '2031-03-03T10:00:00' },
  }),
  insert('an event of a type that clients cannot create', { ...TIMES, eventType: 'fromGmail' }),
  insert('an event in a colour that does not exist', { ...TIMES, colorId: '99' }),
  insert('an event with an invalid id', { ...TIMES, id: 'UPPER!' }),
  insert('an event with a sixth reminder', {
    ...TIMES,
    reminders: {
      useDefault: false,
      overrides: [1, 2, 3, 4, 5, 6].map((minutes) => ({ method: 'popup', minutes })),
    },
  }),
  {
    name: 'an event with an id that is taken',
    call: ({ calendar, body }) => ({
      method: 'POST',
      path: `${calendar}/events`,
      body: { ...TIMES, id: at(body('an event'), 'id') },
    }),
  },
  {
    name: 'the event',
    call: ({ calendar, text }) => ({ method: 'GET', path: `${calendar}/events/${text('an event', 'id')}` }),
    rules: ({ body }) => ({
      'properties kept': Object.keys(at(body, 'extendedProperties.private') ?? {}).length,
      start: at(body, 'start.dateTime'),
    }),
  },
  {
    name: 'the event in another time zone',
    call: ({ calendar, text }) => ({
      method: 'GET',
      path: `${calendar}/events/${text('an event', 'id')}?timeZone=America/New_York`,
    }),
    rules: ({ body }) => ({ start: at(body, 'start.dateTime') }),
  },
  {
    name: 'an event that does not exist',
    call: ({ calendar }) => ({ method: 'GET', path: `${calendar}/events/nosuchevent` }),
  },
  {
    name: 'a version that is known',
    call: ({ calendar, text, body }) => ({
      method: 'GET',
      path: `${calendar}/events/${text('the event', 'id')}`,
      headers: { 'If-None-Match': String(at(body('the event'), 'etag')) },
    }),
  },
  {
    name: 'a change of an outdated version',
    call: ({ calendar, text }) => ({
      method: 'PATCH',
      path: `${calendar}/events/${text('an event', 'id')}`,
      body: { summary: 'Lost' },
      headers: { 'If-Match': '"1"' },
    }),
  },
  {
    name: 'a changed title',
    call: ({ calendar, text }) => ({
      method: 'PATCH',
      path: `${calendar}/events/${text('an event', 'id')}`,
      body: { summary: 'Replanning' },
    }),
    rules: ({ body }, { body: seen }) => ({
      'changes the etag': at(body, 'etag') !== at(seen('the event'), 'etag'),
      'changes the sequence': at(body, 'sequence') !== at(seen('the event'), 'sequence'),
    }),
  },
  {
    name: 'changed reminders',
    call: ({ calendar, text }) => ({
      method: 'PATCH',
      path: `${calendar}/events/${text('an event', 'id')}`,
      body: { reminders: { useDefault: false, overrides: [{ method: 'popup', minutes: 3 }] } },
    }),
    rules: ({ body }, { body: seen }) => ({
      'change the etag': at(body, 'etag') !== at(seen('a changed title'), 'etag'),
      'change updated': at(body, 'updated') !== at(seen('a changed title'), 'updated'),
    }),
  },
  {
    name: 'a changed time',
    call: ({ calendar, text }) => ({
      method: 'PATCH',
      path: `${calendar}/events/${text('an event', 'id')}`,
      body: { end: { dateTime: '2031-03-03T11:00:00+01:00', timeZone: 'Europe/Warsaw' } },
    }),
    rules: ({ body }, { body: seen }) => ({
      'changes the sequence': at(body, 'sequence') !== at(seen('changed reminders'), 'sequence'),
    }),
  },
  {
    name: 'an update without a title',
    call: ({ calendar, text }) => ({
      method: 'PUT',
      path: `${calendar}/events/${text('an event', 'id')}`,
      body: TIMES,
    }),
    rules: ({ body }) => ({ 'drops the title': at(body, 'summary') === undefined }),
  },
  list('a window that ends as an event starts', 'timeMin=2031-03-03T00:00:00Z&timeMax=2031-03-03T08:00:00Z'),
  list('a window that starts as an event ends', 'timeMin=2031-03-03T09:00:00Z&timeMax=2031-03-04T00:00:00Z'),
  list('a search', 'q=trip'),
  list('a private property', 'privateExtendedProperty=a%3D1'),
  list('an order that needs single events', 'orderBy=startTime'),
  list('a page without items', 'maxResults=0'),
  list('a time without an offset', 'timeMin=2031-03-03T00:00:00'),
  list('a window that ends before it starts', 'timeMin=2031-03-03T00:00:00Z&timeMax=2031-03-02T00:00:00Z'),
  list('a time zone that does not exist', 'timeZone=Europe/Nowhere'),
  insert('an imported event', { ...TIMES, iCalUID: 'compare@example.com', summary: 'Imported' }, '/import'),
  insert('an imported event without an iCalUID', { ...TIMES }, '/import'),
  {
    name: 'a quick event',
    call: ({ calendar }) => ({
      method: 'POST',
      path: `${calendar}/events/quickAdd?text=${encodeURIComponent('Lunch on March 3, 2031 12pm-1pm')}`,
    }),
    rules: ({ body }) => ({ start: at(body, 'start.dateTime'), end: at(body, 'end.dateTime') }),
  },
  {
    name: 'a moved event',
    call: ({ calendar, other, text }) => ({
      method: 'POST',
      path: `${calendar}/events/${text('an event of two days', 'id')}/move?destination=${other}&sendUpdates=none`,
    }),
    rules: ({ body }, { body: seen }) => ({
      'keeps its id': at(body, 'id') === at(seen('an event of two days'), 'id'),
    }),
  },
  {
    name: 'where the event was before',
    call: ({ calendar, text }) => ({
      method: 'GET',
      path: `${calendar}/events/${text('an event of two days', 'id')}`,
    }),
  },
  ...['a deleted event', 'an event that was deleted already'].map((name): Step => ({
    name,
    call: ({ calendar, text }) => ({
      method: 'DELETE',
      path: `${calendar}/events/${text('a quick event', 'id')}?sendUpdates=none`,
    }),
  })),
  {
    name: 'what is left of a deleted event',
    call: ({ calendar, text }) => ({
      method: 'GET',
      path: `${calendar}/events/${text('a quick event', 'id')}`,
    }),
  },
];
