/** Versions, selections, errors and retries: what the client's transport does with answers. */
import { ADA, BOB, URL_OF_EMULATOR, clientOf, play, requestsOf } from './emulator.js';
import { equal, fails } from './tap.js';

const calendarId = 'primary';
const requestBody = { summary: 'Plan', start: { date: '2030-01-01' }, end: { date: '2030-01-02' } };
const statusesOf = async (method) => (await requestsOf(method)).map(({ status }) => status);

export async function calls(library, check) {
  const ada = clientOf(library, ADA);
  const { data: event } = await ada.events.insert({ calendarId, requestBody });
  const eventId = event.id;

  await check('an event with the etag that the client has is not sent again', async () => {
    const headers = { 'If-None-Match': event.etag };
    const answer = await ada.events.get({ calendarId, eventId }, { headers });
    equal([answer.status, answer.data], [304, '']);
  });

  await check('an update of another version is a 412, and of this one is not', async () => {
    const change = { calendarId, eventId, requestBody: { summary: 'Replan' } };
    await fails(ada.events.patch(change, { headers: { 'If-Match': '"1"' } }), { status: 412 });
    const { data } = await ada.events.patch(change, { headers: { 'If-Match': event.etag } });
    equal(data.summary, 'Replan');
  });

  await check('fields, alt, prettyPrint, quotaUser and key are accepted', async () => {
    const system = { alt: 'json', prettyPrint: false, quotaUser: 'bench', key: 'any' };
    const { data } = await ada.events.get({ calendarId, eventId, fields: 'id,start/date', ...system });
    equal(data, { id: eventId, start: { date: '2030-01-01' } });
    await fails(ada.events.get({ calendarId, eventId, fields: 'unheard' }), { status: 400 });
  });

  await check('repeated parameters arrive as several', async () => {
    const { data } = await ada.events.list({ calendarId, eventTypes: ['default', 'focusTime'] });
    equal(data.items.length, 1);
    equal((await ada.events.list({ calendarId, eventTypes: ['birthday'] })).data.items, []);
  });

  await check('an error has the status, the message and the reason of Google', async () => {
    await fails(ada.events.get({ calendarId, eventId: 'unknown' }), (error) => {
      const { errors } = error.response.data.error;
      equal([error.status, error.message, errors[0].reason], [404, 'Not Found', 'notFound']);
      return true;
    });
    await fails(ada.events.list({ calendarId: BOB }), { status: 404 });
  });

  await check('a read that fails twice is repeated, and succeeds', async () => {
    const before = (await statusesOf('calendar.colors.get')).length;
    await play('unavailable', { method: 'calendar.colors.get', times: 2 });
    const patient = clientOf(library, ADA, { retryConfig: { retryDelay: 1, retryDelayMultiplier: 1 } });
    equal((await patient.colors.get()).status, 200);
    equal((await statusesOf('calendar.colors.get')).slice(before), [503, 503, 200]);
  });

  await check('a rate limit with 403 is not repeated by the client', async () => {
    await play('quota', { method: 'calendar.settings.list', retryAfterSeconds: 1 });
    await fails(ada.settings.list(), (error) => {
      equal([error.status, error.response.headers.get('retry-after')], [403, '1']);
      return true;
    });
    equal(await statusesOf('calendar.settings.list'), [403]);
  });

  await check('an insert whose answer is lost fails, but has happened', async () => {
    const before = (await statusesOf('calendar.events.insert')).length;
    await play('connection-lost', { method: 'calendar.events.insert' });
    await fails(ada.events.insert({ calendarId, requestBody: { ...requestBody, id: 'once00' } }));
    equal((await statusesOf('calendar.events.insert')).slice(before), [0]);
    equal((await ada.events.get({ calendarId, eventId: 'once00' })).data.summary, 'Plan');
    await fails(ada.events.insert({ calendarId, requestBody: { ...requestBody, id: 'once00' } }), {
      status: 409,
    });
  });

  await check('a slow call can be given up', async () => {
    await play('slow', { method: 'calendar.colors.get', ms: 60_000 });
    await fails(ada.colors.get({}, { signal: AbortSignal.timeout(50), retry: false }));
  });

  await check('rootUrl can be given for one call', async () => {
    const googles = clientOf(library, ADA, { rootUrl: undefined });
    equal((await googles.colors.get({}, { rootUrl: `${URL_OF_EMULATOR}/` })).status, 200);
  });
}
