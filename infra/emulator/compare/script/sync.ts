import { type Seen, type Step, at, items } from '../step.ts';

/** What a client that synchronizes relies on. */
const changes = (name: string, since: string): Step => ({
  name,
  call: ({ calendar, text }) => ({
    method: 'GET',
    path: `${calendar}/events?syncToken=${text(since, 'nextSyncToken')}`,
  }),
  rules: ({ body }) => ({
    events: items(body).length,
    statuses: items(body)
      .map((event) => String(at(event, 'status')))
      .toSorted(),
    'has a token': typeof at(body, 'nextSyncToken') === 'string',
  }),
});

const withToken = (name: string, parameters: (seen: Seen) => string): Step => ({
  name,
  call: (seen) => ({
    method: 'GET',
    path: `${seen.calendar}/events?syncToken=${seen.text('a full list', 'nextSyncToken')}&${parameters(seen)}`,
  }),
});

/** Pages, sync tokens, channels and deletions. */
export const syncSteps: readonly Step[] = [
  {
    name: 'a first page',
    call: ({ calendar }) => ({ method: 'GET', path: `${calendar}/events?maxResults=1` }),
    rules: ({ body }) => ({
      events: items(body).length,
      'has a token': at(body, 'nextSyncToken') !== undefined,
    }),
  },
  {
    name: 'a second page',
    call: ({ calendar, text }) => ({
      method: 'GET',
      path: `${calendar}/events?maxResults=1&pageToken=${text('a first page', 'nextPageToken')}`,
    }),
  },
  {
    name: 'a page that does not exist',
    call: ({ calendar }) => ({ method: 'GET', path: `${calendar}/events?pageToken=nonsense` }),
  },
  { name: 'a full list', call: ({ calendar }) => ({ method: 'GET', path: `${calendar}/events` }) },
  changes('no changes', 'a full list'),
  withToken('a token with a window', () => 'timeMin=2031-01-01T00:00:00Z'),
  withToken('a token with an order', () => 'orderBy=updated'),
  withToken('a token without deletions', () => 'showDeleted=false'),
  {
    name: 'a token that is not one',
    call: ({ calendar }) => ({ method: 'GET', path: `${calendar}/events?syncToken=nonsense` }),
  },
  {
    name: 'an event to be deleted',
    call: ({ calendar }) => ({
      method: 'POST',
      path: `${calendar}/events`,
      body: { summary: 'Short', start: { date: '2031-05-01' }, end: { date: '2031-05-02' } },
    }),
  },
  changes('a new event', 'no changes'),
  {
    name: 'its deletion',
    call: ({ calendar, text }) => ({
      method: 'DELETE',
      path: `${calendar}/events/${text('an event to be deleted', 'id')}?sendUpdates=none`,
    }),
  },
  changes('a deletion', 'a new event'),
  {
    name: 'the deletion of a series',
    call: ({ calendar, text }) => ({
      method: 'DELETE',
      path: `${calendar}/events/${text('a series', 'id')}?sendUpdates=none`,
    }),
  },
  changes('a deleted series', 'a deletion'),
  {
    name: 'a list of calendars with a token and a role',
    call: () => ({ method: 'GET', path: '/users/me/calendarList?syncToken=nonsense&minAccessRole=owner' }),
  },
  // No channel is opened: nothing would receive its notifications.
  {
    name: 'a channel without an id',
    call: ({ calendar }) => ({
      method: 'POST',
      path: `${calendar}/events/watch`,
      body: { type: 'web_hook', address: 'https://example.com/' },
    }),
  },
  {
    name: 'a channel without encryption',
    call: ({ calendar }) => ({
      method: 'POST',
      path: `${calendar}/events/watch`,
      body: { id: 'compare', type: 'web_hook', address: 'http://example.com/' },
    }),
  },
  {
    name: 'the end of a channel that does not exist',
    call: () => ({ method: 'POST', path: '/channels/stop', body: { id: 'compare', resourceId: 'compare' } }),
  },
];

/** What is answered before any method runs. */
export const accessSteps: readonly Step[] = [
  { name: 'no credentials', call: ({ calendar }) => ({ method: 'GET', path: calendar, as: 'no one' }) },
  { name: 'a bad token', call: ({ calendar }) => ({ method: 'GET', path: calendar, as: 'a bad token' }) },
  { name: 'a path that does not exist', call: () => ({ method: 'GET', path: '/nowhere' }) },
];
