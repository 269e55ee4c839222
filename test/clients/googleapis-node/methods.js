/** Every method of the API. */
import { ADA, BOB, ROOT, clientOf, control, startReceiver, URL_OF_EMULATOR } from './emulator.js';
import { equal, matches } from './tap.js';

const at = (hour) => ({ dateTime: `2030-01-07T${hour}:00:00Z` });
const timed = { start: at('09'), end: at('10') };

/** The ids of all methods in a discovery document. */
function methodsIn({ methods: own = {}, resources = {} }) {
  return [...Object.values(own).map(({ id }) => id), ...Object.values(resources).flatMap(methodsIn)];
}

export async function methods(library, check) {
  const [ada, bob, root] = [ADA, BOB, ROOT].map((user) => clientOf(library, user));
  const other = await bob.calendars.get({ calendarId: 'primary' });
  const { data: team } = await ada.calendars.insert({
    requestBody: { summary: 'Team', timeZone: 'Europe/Warsaw' },
  });
  const calendarId = team.id;

  await check('calendars', async () => {
    equal(other.data.id, BOB);
    equal(team.dataOwner, ADA);
    const { data: patched } = await ada.calendars.patch({ calendarId, requestBody: { location: 'Warsaw' } });
    equal([patched.summary, patched.location], ['Team', 'Warsaw']);
    const { data: updated } = await ada.calendars.update({ calendarId, requestBody: { summary: 'Crew' } });
    equal([updated.summary, updated.location], ['Crew', undefined]);
    equal((await ada.calendars.get({ calendarId })).data, updated);
    equal((await ada.calendars.clear({ calendarId: 'primary' })).status, 204);
  });

  await check('acl', async () => {
    const requestBody = { role: 'reader', scope: { type: 'user', value: BOB } };
    const { data: rule } = await ada.acl.insert({ calendarId, requestBody, sendNotifications: false });
    equal([rule.id, rule.role], [`user:${BOB}`, 'reader']);
    const ruleId = rule.id;
    equal((await ada.acl.get({ calendarId, ruleId })).data, rule);
    equal((await ada.acl.patch({ calendarId, ruleId, requestBody: { role: 'writer' } })).data.role, 'writer');
    const writer = { ...requestBody, role: 'freeBusyReader' };
    equal((await ada.acl.update({ calendarId, ruleId, requestBody: writer })).data.role, 'freeBusyReader');
    equal((await ada.acl.list({ calendarId })).data.items.length, 2);
    equal((await ada.acl.delete({ calendarId, ruleId })).status, 204);
    equal((await ada.acl.list({ calendarId, showDeleted: true })).data.items[1].role, 'none');
    await ada.acl.insert({ calendarId, requestBody });
  });

  await check('calendarList', async () => {
    const { data: entry } = await bob.calendarList.insert({ requestBody: { id: calendarId, colorId: '7' } });
    equal([entry.accessRole, entry.colorId], ['reader', '7']);
    const colors = { backgroundColor: '#123456', foregroundColor: '#ffffff' };
    const patched = await bob.calendarList.patch({ calendarId, colorRgbFormat: true, requestBody: colors });
    equal(patched.data.backgroundColor, '#123456');
    const requestBody = { summaryOverride: 'Theirs', selected: true };
    equal((await bob.calendarList.update({ calendarId, requestBody })).data.summaryOverride, 'Theirs');
    equal((await bob.calendarList.get({ calendarId })).data.summaryOverride, 'Theirs');
    equal((await bob.calendarList.list({ minAccessRole: 'owner' })).data.items.length, 1);
    equal((await bob.calendarList.delete({ calendarId })).status, 204);
  });

  await check('events', async () => {
    const requestBody = { ...timed, summary: 'Plan', attendees: [{ email: BOB }] };
    const { data: event } = await ada.events.insert({ calendarId, requestBody, sendUpdates: 'none' });
    const eventId = event.id;
    equal([event.status, event.attendees[0].responseStatus], ['confirmed', 'needsAction']);
    equal((await bob.events.get({ calendarId: 'primary', eventId })).data.summary, 'Plan');
    const renamed = { summary: 'Replan' };
    equal((await ada.events.patch({ calendarId, eventId, requestBody: renamed })).data.summary, 'Replan');
    const updated = await ada.events.update({
      calendarId,
      eventId,
      requestBody: { ...timed, summary: 'New' },
    });
    equal([updated.data.summary, updated.data.attendees], ['New', undefined]);
    const imported = await ada.events.import({ calendarId, requestBody: { ...timed, iCalUID: 'a@b' } });
    equal(imported.data.iCalUID, 'a@b');
    const moved = await ada.events.move({ calendarId, eventId, destination: 'primary' });
    equal(moved.data.organizer.email, ADA);
    const recurrence = ['RRULE:FREQ=DAILY;COUNT=3'];
    const zoned = {
      start: { ...at('09'), timeZone: 'Europe/Warsaw' },
      end: { ...at('10'), timeZone: 'Europe/Warsaw' },
    };
    const { data: series } = await ada.events.insert({ calendarId, requestBody: { ...zoned, recurrence } });
    equal((await ada.events.instances({ calendarId, eventId: series.id })).data.items.length, 3);
    const { data: lunch } = await ada.events.quickAdd({
      calendarId,
      text: 'Lunch on 7 January 2030 1pm at Café',
    });
    equal(
      [lunch.summary, lunch.location, lunch.start.dateTime],
      ['Lunch', 'Café', '2030-01-07T13:00:00+01:00'],
    );
    equal((await ada.events.delete({ calendarId, eventId: lunch.id })).status, 204);
    const { data: list } = await ada.events.list({ calendarId, singleEvents: true, orderBy: 'startTime' });
    equal(list.items.length, 4);
  });

  await check('colors, settings and free/busy', async () => {
    matches((await ada.colors.get()).data.event[1].background, /^#[0-9a-f]{6}$/);
    equal((await ada.settings.get({ setting: 'locale' })).data.value, 'en');
    equal((await ada.settings.list()).data.items.length > 5, true);
    const requestBody = {
      timeMin: at('00').dateTime,
      timeMax: at('23').dateTime,
      items: [{ id: calendarId }],
    };
    const { data } = await ada.freebusy.query({ requestBody });
    equal(data.calendars[calendarId].busy.length, 1);
  });

  await check('watch and stop', async () => {
    const { address, received, close } = await startReceiver();
    const opened = await Promise.all(
      Object.entries({
        events: (requestBody) => ada.events.watch({ calendarId, requestBody }),
        acl: (requestBody) => ada.acl.watch({ calendarId, requestBody }),
        calendarList: (requestBody) => ada.calendarList.watch({ requestBody }),
        settings: (requestBody) => ada.settings.watch({ requestBody }),
      }).map(([id, watch]) => watch({ id, type: 'web_hook', address, token: 'secret' })),
    );
    await control('POST', 'settle');
    equal(new Set(received.map((headers) => headers['x-goog-channel-id'])).size, 4);
    for (const headers of received)
      equal([headers['x-goog-resource-state'], headers['x-goog-channel-token']], ['sync', 'secret']);
    await ada.events.quickAdd({ calendarId, text: 'Lunch' });
    await control('POST', 'settle');
    equal(received.at(-1)['x-goog-resource-state'], 'exists');
    for (const { data } of opened) {
      const stopped = await ada.channels.stop({ requestBody: { id: data.id, resourceId: data.resourceId } });
      equal(stopped.status, 204);
    }
    close();
  });

  await check('transferOwnership and delete', async () => {
    const transfer = { calendarId, newDataOwner: BOB, useAdminAccess: true };
    equal((await root.calendars.transferOwnership(transfer)).status, 204);
    equal((await bob.calendars.get({ calendarId })).data.dataOwner, BOB);
    equal((await bob.calendars.delete({ calendarId })).status, 204);
  });

  await check('are all of the discovery document, and all have succeeded', async () => {
    const document = await (await fetch(`${URL_OF_EMULATOR}/discovery/v1/apis/calendar/v3/rest`)).json();
    const { requests } = await control('GET', 'journal?kind=request');
    const succeeded = new Set(requests.filter(({ status }) => status < 300).map(({ method }) => method));
    equal(succeeded, new Set(methodsIn(document)));
    equal(succeeded.size, 38);
  });
}
