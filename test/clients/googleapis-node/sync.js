/** Paging and sync tokens. */
import { ADA, clientOf, control, play, requestsOf } from './emulator.js';
import { equal, fails } from './tap.js';

const calendarId = 'primary';
const day = (date) => ({ start: { date: `2030-01-0${date}` }, end: { date: `2030-01-0${date + 1}` } });

/** Lists all pages. */
async function listAll(client, parameters) {
  const items = [];
  let pageToken;
  for (;;) {
    const { data } = await client.events.list({ calendarId, ...parameters, pageToken });
    items.push(...data.items);
    if (!data.nextPageToken) return { items, syncToken: data.nextSyncToken };
    pageToken = data.nextPageToken;
  }
}

export async function sync(library, check) {
  const ada = clientOf(library, ADA);
  for (const date of [1, 2, 3, 4, 5]) await ada.events.insert({ calendarId, requestBody: day(date) });

  await check('pages end with a sync token', async () => {
    const { items, syncToken } = await listAll(ada, { maxResults: 2 });
    equal([items.length, typeof syncToken], [5, 'string']);
    equal((await requestsOf('calendar.events.list')).length, 3);
  });

  await check('a page without items is not the last one', async () => {
    await play('empty-pages');
    const { items } = await listAll(ada, { maxResults: 2 });
    equal(items.length, 5);
    await play('empty-pages', { probability: 0 });
  });

  await check('an incremental list has what changed and what was deleted', async () => {
    const { items, syncToken } = await listAll(ada);
    const [first, second] = items;
    await ada.events.patch({ calendarId, eventId: first.id, requestBody: { summary: 'New' } });
    await ada.events.delete({ calendarId, eventId: second.id });
    const changes = await listAll(ada, { syncToken });
    const changed = new Map(changes.items.map(({ id, status, summary }) => [id, [status, summary]]));
    equal(
      changed,
      new Map([
        [first.id, ['confirmed', 'New']],
        [second.id, ['cancelled', undefined]],
      ]),
    );
    equal((await listAll(ada, { syncToken: changes.syncToken })).items, []);
  });

  await check('an expired sync token is a 410 with a reason, and a full list goes on', async () => {
    const { syncToken } = await listAll(ada);
    await play('token-expired', { user: ADA });
    await fails(listAll(ada, { syncToken }), (error) => {
      equal([error.status, error.response.data.error.errors[0].reason], [410, 'fullSyncRequired']);
      return true;
    });
    equal((await listAll(ada)).items.length, 4);
  });

  await check('a page token that is no longer valid is a 400', async () => {
    await play('page-token-expired', { user: ADA });
    await fails(listAll(ada, { maxResults: 1 }), { status: 400, message: 'Invalid page token value.' });
  });

  await check('time that passes ends sync tokens', async () => {
    const { syncToken } = await listAll(ada);
    await play('clock-jump', { days: 31 });
    await fails(listAll(ada, { syncToken }), { status: 410 });
    await control('POST', 'reset');
  });
}
