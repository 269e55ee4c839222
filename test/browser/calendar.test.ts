/** What can be done to events with a pointer. */
import { expect } from 'vitest';
import { test, waitFor } from '../support/browser/page-test.ts';
import {
  ADA,
  ALAN,
  block,
  call,
  cell,
  drag,
  eventOf,
  eventsOf,
  GRACE,
  look,
  TEAM,
  timeOf,
  WEEK,
} from '../support/browser/week.ts';

test('the calendars of the user are listed, and each can be hidden and shown', async ({ open }) => {
  const page = await open(WEEK);
  await block(page, 'Planning').waitFor();
  await page.getByRole('checkbox', { name: 'Team' }).uncheck();
  await block(page, 'Planning').waitFor({ state: 'detached' });
  await block(page, 'Review').waitFor();
  expect(page.url()).toContain(encodeURIComponent(TEAM));
  await page.getByRole('checkbox', { name: 'Team' }).check();
  await block(page, 'Planning').waitFor();
});

test('events are in the colours of their calendars', async ({ open, emulator }) => {
  const colors = ['#123456', '#654321'];
  for (const [index, id] of [ADA, TEAM].entries())
    await call(emulator, ADA, 'PATCH', `/users/me/calendarList/${id}?colorRgbFormat=true`, {
      backgroundColor: colors[index],
      foregroundColor: '#ffffff',
    });
  const page = await open(WEEK);
  const colorOf = (title: string) =>
    block(page, title).evaluate((element) => getComputedStyle(element).getPropertyValue('--color'));
  expect([await colorOf('Review'), await colorOf('Planning')]).toEqual(colors);
});

test('another user sees what is shared with them, and may not change what they only read', async ({
  open,
}) => {
  const page = await open(WEEK);
  await page.getByLabel('Acting as').selectOption(ALAN);
  await block(page, 'Planning').click();
  const dialog = page.getByRole('dialog', { name: 'Planning' });
  await dialog.getByText('may only read this calendar').waitFor();
  expect(await dialog.getByLabel('Title').isDisabled()).toBe(true);
  expect(page.url()).toContain('as=alan%40example.com');
});

test('other weeks are reached by buttons, and today by one', async ({ open }) => {
  const page = await open(WEEK);
  await page.getByRole('heading', { name: /^4\W+10 January 2027$/ }).waitFor();
  await page.getByRole('button', { name: 'Later' }).click();
  await page.getByRole('heading', { name: /^11\W+17 January 2027$/ }).waitFor();
  expect(page.url()).toContain('from=2027-01-11');
  await page.getByRole('button', { name: 'Earlier' }).click();
  await block(page, 'Review').waitFor();
  await page.getByRole('button', { name: 'Today' }).click();
  await page.locator('.day.today').waitFor();
});

test('dragging over free time creates an event of that length', async ({ open, emulator }) => {
  const page = await open(WEEK);
  await drag(page, cell(page, 3, '13:00'), cell(page, 3, '15:00'), { from: 0.1, to: 0.1 });
  const dialog = page.getByRole('dialog', { name: 'New event' });
  await dialog.getByLabel('Title').fill('Lunch');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await block(page, 'Lunch').waitFor();
  const created = (await eventsOf(emulator)).find(({ summary }) => summary === 'Lunch');
  expect(created && timeOf(created)).toBe('2027-01-07 13:00-15:00');
});

test('a click creates an event of an hour, with guests, a place and a rule', async ({ open, emulator }) => {
  const page = await open(WEEK);
  await cell(page, 4, '16:00').click();
  const dialog = page.getByRole('dialog', { name: 'New event' });
  await dialog.getByLabel('Title').fill('Tea');
  await dialog.getByLabel('Calendar').selectOption(TEAM);
  await dialog.getByLabel('Recurrence').fill('RRULE:FREQ=DAILY;COUNT=2');
  await dialog.getByLabel('Guests').fill(`${GRACE}, ${ALAN}`);
  await dialog.getByLabel('Location').fill('Garden');
  await dialog.getByLabel('Description').fill('With cake');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.waitFor({ state: 'detached' });
  const teas = (await eventsOf(emulator, ADA, TEAM)).filter(({ summary }) => summary === 'Tea');
  expect(teas.map(timeOf)).toEqual(['2027-01-08 16:00-17:00', '2027-01-09 16:00-17:00']);
  expect(teas[0]).toMatchObject({ location: 'Garden', attendees: [{ email: GRACE }, { email: ALAN }] });
});

test('the row above the hours creates events that last all day', async ({ open, emulator }) => {
  const page = await open(WEEK);
  await page.locator('#cell-5--1').click();
  const dialog = page.getByRole('dialog', { name: 'New event' });
  await dialog.getByLabel('Title').fill('Hike');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await block(page, 'Hike').waitFor();
  const created = (await eventsOf(emulator)).find(({ summary }) => summary === 'Hike');
  expect(created).toMatchObject({ start: { date: '2027-01-09' }, end: { date: '2027-01-10' } });
});

test('dragging an event moves it, to another day and hour', async ({ open, emulator }) => {
  const page = await open(WEEK);
  await drag(page, block(page, 'Review'), cell(page, 2, '12:00'));
  await waitFor(async () => timeOf(await eventOf(emulator, 'review')), '2027-01-06 11:45-12:45');
});

test('dragging its end makes an event longer', async ({ open, emulator }) => {
  const page = await open(WEEK);
  const handle = block(page, 'Review').locator('.handle');
  await drag(page, handle, cell(page, 0, '11:30'), { from: 0.5, to: 0.9 });
  await waitFor(async () => timeOf(await eventOf(emulator, 'review')), '2027-01-04 10:00-12:00');
});

test('dragging an all-day event moves it by days', async ({ open, emulator }) => {
  const page = await open(WEEK);
  const from = page.locator('#cell-1--1');
  await drag(page, from, page.locator('#cell-3--1'), { from: 0.4, to: 0.4 });
  await waitFor(async () => (await eventOf(emulator, 'release')).start, { date: '2027-01-07' });
  expect((await eventOf(emulator, 'release')).end).toEqual({ date: '2027-01-09' });
});

test('Escape gives up dragging', async ({ open, emulator }) => {
  const page = await open(WEEK);
  await cell(page, 0, '10:00').focus();
  const box = await block(page, 'Review').boundingBox();
  await page.mouse.move((box?.x ?? 0) + 20, (box?.y ?? 0) + 20);
  await page.mouse.down();
  await page.mouse.move((box?.x ?? 0) + 300, (box?.y ?? 0) + 100, { steps: 5 });
  await page.locator('.ghost').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.ghost').waitFor({ state: 'detached' });
  await page.mouse.up();
  expect(timeOf(await eventOf(emulator, 'review'))).toBe('2027-01-04 10:00-11:00');
  expect(emulator.journal.requests()).toEqual([]);
});

test('the form turns an event into one that lasts all day', async ({ open, emulator }) => {
  const page = await open(WEEK);
  await block(page, 'Review').click();
  const dialog = page.getByRole('dialog', { name: 'Review' });
  await dialog.getByLabel('All day').check();
  await dialog.getByLabel('Ends').fill('2027-01-05');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await waitFor(async () => (await eventOf(emulator, 'review')).start, { date: '2027-01-04' });
  expect((await eventOf(emulator, 'review')).end).toEqual({ date: '2027-01-06' });
});

test('a form with an end before its start says so, and sends nothing', async ({ open, emulator }) => {
  const page = await open(WEEK);
  await block(page, 'Review').click();
  const dialog = page.getByRole('dialog', { name: 'Review' });
  await dialog.getByLabel('Ends').fill('2027-01-03');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('The event ends before it starts').waitFor();
  expect(emulator.journal.requests()).toEqual([]);
});

test('a cancelled event disappears, for its guests as well', async ({ open, emulator }) => {
  const page = await open(WEEK);
  await block(page, 'Review').click();
  await page.getByRole('button', { name: 'Cancel event' }).click();
  await page.getByRole('button', { name: 'Cancel the event' }).click();
  await block(page, 'Review').waitFor({ state: 'detached' });
  expect((await eventOf(emulator, 'review')).status).toBe('cancelled');
  expect((await eventOf(emulator, 'review', GRACE)).status).toBe('cancelled');
});

test('an invitation is answered as the guest', async ({ open, emulator }) => {
  const page = await open(WEEK);
  await block(page, 'Review').click();
  await page.getByRole('button', { name: `Accept as ${GRACE}` }).click();
  await waitFor(
    async () => (await eventOf(emulator, 'review')).attendees,
    [{ email: GRACE, responseStatus: 'accepted' }],
  );
  expect(emulator.journal.requests().map(({ user, method }) => [user, method])).toEqual([
    [GRACE, 'calendar.events.patch'],
  ]);
  await page.getByLabel('Acting as').selectOption(GRACE);
  await page.locator('.event.accepted').filter({ hasText: 'Review' }).click();
  await page.getByRole('button', { name: `Decline as ${GRACE}` }).click();
  await waitFor(async () => (await eventOf(emulator, 'review')).attendees?.[0]?.responseStatus, 'declined');
});

test('users and calendars are added', async ({ open, emulator }) => {
  const page = await open(WEEK);
  await page.getByText('Add', { exact: true }).first().click();
  await page.getByLabel('User', { exact: true }).fill('mary@example.com');
  await page.getByRole('button', { name: 'Add user' }).click();
  await page.getByRole('checkbox', { name: 'mary@example.com' }).waitFor();
  await page.getByLabel('Calendar', { exact: true }).fill('Garden');
  await page.getByRole('button', { name: 'Add calendar' }).click();
  await page.getByRole('checkbox', { name: 'Garden' }).waitFor();
  expect(await look(emulator, 'mary@example.com', '/users/me/calendarList')).toMatchObject({
    items: [{ primary: true }, { summary: 'Garden', accessRole: 'owner' }],
  });
});

test('a form opened before the calendars have loaded offers them once they have', async ({
  open,
  emulator,
}) => {
  const page = await open(WEEK);
  const loaded = Promise.withResolvers<void>();
  await page.route(/\/users\/me\/calendarList/, async (route) => {
    await loaded.promise;
    await route.continue();
  });
  await page.reload();
  await cell(page, 3, '13:00').click();
  const dialog = page.getByRole('dialog', { name: 'New event' });
  await dialog.getByLabel('Title').fill('Lunch');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.getByRole('alert').getByText('No writable calendar is available').waitFor();
  loaded.resolve();
  await waitFor(() => dialog.getByLabel('Calendar').inputValue(), ADA);
  await dialog.getByRole('button', { name: 'Create' }).click();
  await block(page, 'Lunch').waitFor();
  expect((await eventsOf(emulator)).map(({ summary }) => summary)).toContain('Lunch');
});

test('a failure to load calendars is reported until they load', async ({ open, emulator }) => {
  const page = await open(WEEK, { expected: /status of 500/ });
  await page.route(/\/users\/me\/calendarList/, (route) => route.fulfill({ status: 500, body: '' }));
  await page.reload();
  const alert = page.getByRole('region', { name: 'Week' }).getByRole('alert');
  await alert.waitFor();
  await page.unroute(/\/users\/me\/calendarList/);
  await call(emulator, ADA, 'POST', '/calendars', { summary: 'Garden' });
  await alert.waitFor({ state: 'detached' });
  await page.getByRole('checkbox', { name: 'Garden' }).waitFor();
});

test('a call that fails is explained, and the form keeps what was typed', async ({ open, emulator }) => {
  emulator.faults.add({
    on: 'request',
    times: 1,
    effect: { do: 'fail', status: 503, reason: 'backendError' },
  });
  const page = await open(WEEK, { expected: /status of 503/ });
  await cell(page, 3, '13:00').click();
  const dialog = page.getByRole('dialog', { name: 'New event' });
  await dialog.getByLabel('Title').fill('Lunch');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('alert').getByText('503 backendError').waitFor();
  await dialog.getByRole('button', { name: 'Create' }).click();
  await block(page, 'Lunch').waitFor();
  await page.getByRole('alert').getByRole('button', { name: 'Dismiss' }).click();
  await page.getByText('503 backendError').waitFor({ state: 'detached' });
});

test('a change of what another client has changed meanwhile is rejected', async ({ open, emulator }) => {
  const page = await open(WEEK, { expected: /status of 412/ });
  await block(page, 'Review').click();
  await call(emulator, ADA, 'PATCH', '/calendars/primary/events/review', { location: 'Attic' });
  const dialog = page.getByRole('dialog', { name: 'Review' });
  await dialog.getByLabel('Location').fill('Cellar');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('412').waitFor();
  expect((await eventOf(emulator, 'review')).location).toBe('Attic');
});
