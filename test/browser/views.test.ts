/** Channels, journal, faults and the clock. */
import { expect } from 'vitest';
import * as z from 'zod';
import { actions, notificationPresets, requestPresets } from '../../infra/emulator/page/app/state/faults.ts';
import { test as pageTest, waitFor } from '../support/browser/page-test.ts';
import { ADA, call, GRACE, look, TEAM } from '../support/browser/week.ts';
import { startReceiver } from '../support/emulator/receiver.ts';
import type { Page } from 'playwright-core';

const DAY = 86_400_000;

const test = pageTest
  .extend('receiver', async ({}, { onCleanup }) => {
    const receiver = await startReceiver();
    onCleanup(() => receiver.close());
    return receiver;
  })
  .extend('watch', ({ emulator, receiver }) => async (id: string, user = ADA) => {
    const path = '/calendars/primary/events/watch';
    await call(emulator, user, 'POST', path, { id, type: 'web_hook', address: receiver.url });
    await emulator.settle();
  });

const insert = (emulator: Parameters<typeof call>[0], user = ADA) =>
  call(emulator, user, 'POST', '/calendars/primary/events', {
    summary: 'Lunch',
    start: { date: '2027-01-04' },
    end: { date: '2027-01-05' },
  });

const channel = (page: Page, id: string) => page.getByRole('article', { name: `Channel ${id}` });

test('a channel is shown with every attempt to deliver its notifications', async ({
  open,
  emulator,
  receiver,
  watch,
}) => {
  const page = await open('/channels');
  await page.getByText('No channels.').waitFor();
  await watch('c1');
  receiver.answerWith(({ state }) => (state === 'sync' ? 200 : receiver.received.length < 3 ? 503 : 204));
  await insert(emulator);
  await emulator.settle();
  const card = channel(page, 'c1');
  await card.getByText('503 retrying').waitFor();
  await card.getByText('204 delivered').last().waitFor();
  const rows = card.getByRole('list', { name: 'Notifications' }).locator('> li');
  await waitFor(() => rows.count(), 2);
  await waitFor(() => rows.first().locator('.badge').allTextContents(), ['503 retrying', '204 delivered']);
  await card.getByText(receiver.url).waitFor();
});

test('channels are notified, killed and expired', async ({ open, emulator, receiver, watch }) => {
  await watch('c1');
  await watch('c2', GRACE);
  const page = await open('/channels');
  const states = () => emulator.channels.list().map(({ state }) => state);
  await channel(page, 'c1').getByRole('button', { name: 'Notify' }).click();
  await waitFor(() => receiver.received.map(({ state }) => state), ['sync', 'sync', 'exists']);
  await channel(page, 'c1').getByRole('button', { name: 'Kill' }).click();
  await waitFor(states, ['killed', 'live']);
  await channel(page, 'c2').getByRole('button', { name: 'Expire' }).click();
  await waitFor(states, ['killed', 'expired']);
  await channel(page, 'c2').getByText('expired', { exact: true }).waitFor();
  expect(await channel(page, 'c2').getByRole('button', { name: 'Notify' }).isDisabled()).toBe(true);
});

test('the journal is filtered, and the filter is in the address', async ({ open, emulator, watch }) => {
  await watch('c1');
  await insert(emulator);
  await call(emulator, GRACE, 'GET', '/calendars/nowhere/events');
  await emulator.settle();
  const page = await open('/journal');
  const rows = page.locator('.entry:not(.head)');
  await waitFor(() => rows.count(), 5);
  await page.getByLabel('Kind').selectOption('request');
  await waitFor(() => rows.count(), 3);
  await page.getByLabel('User').selectOption(GRACE);
  await waitFor(() => rows.count(), 1);
  await page.getByLabel('User').selectOption('');
  await page.getByLabel('Status').fill('4xx');
  await page.getByText('404 notFound').waitFor();
  await waitFor(() => rows.count(), 1);
  await page.getByLabel('Status').fill('');
  await page.getByPlaceholder('events.list').fill('insert');
  await waitFor(() => rows.count(), 1);
  expect(page.url()).toContain('#/journal?kind=request&method=insert');

  const again = await open('/journal?kind=notification&method=sync');
  await waitFor(() => again.locator('.entry:not(.head)').count(), 1);
  await again.getByPlaceholder('events.list').fill('nothing like this');
  await again.getByText('Nothing matches.').waitFor();
});

test('an entry opens to show all of it, and leads to the notifications that it caused', async ({
  open,
  emulator,
  watch,
}) => {
  await watch('c1');
  await insert(emulator);
  await emulator.settle();
  const page = await open('/journal');
  await page.getByRole('button', { name: 'events.insert' }).click();
  await page.getByText('/calendar/v3/calendars/primary/events', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'What it caused' }).click();
  const rows = page.locator('.entry:not(.head)');
  await waitFor(() => rows.count(), 2);
  await rows.first().getByText('exists').waitFor();
  await page.getByRole('button', { name: 'events.insert' }).click();
  await page
    .getByText('/calendar/v3/calendars/primary/events', { exact: true })
    .waitFor({ state: 'detached' });
});

test('new entries appear as they are made, and more of a long journal on demand', async ({
  open,
  emulator,
}) => {
  const page = await open('/journal');
  await page.getByText('Nothing yet.').waitFor();
  for (let count = 0; count < 210; count += 1) await call(emulator, ADA, 'GET', '/colors');
  const rows = page.locator('.entry:not(.head)');
  await waitFor(() => rows.count(), 200);
  await page.getByRole('button', { name: 'Show more' }).click();
  await waitFor(() => rows.count(), 210);
});

test('clearing the journal is asked about first', async ({ open, emulator }) => {
  await insert(emulator);
  const page = await open('/journal');
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByRole('button', { name: 'Leave as it is' }).click();
  expect(emulator.journal.requests()).toHaveLength(1);
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Clear' }).click();
  await page.getByText('Nothing yet.').waitFor();
  expect(emulator.journal.requests()).toEqual([]);
});

test('each preset adds its rule with one click, and every rule can be removed', async ({
  open,
  emulator,
}) => {
  const page = await open('/faults');
  const presets = [...requestPresets, ...notificationPresets];
  for (const { title } of presets) await page.getByRole('button', { name: new RegExp(`^${title}`) }).click();
  const once = { user: '', calendarId: '', times: 1 };
  await waitFor(
    () => emulator.faults.list().map(({ rule }) => rule),
    presets.map(({ rule }) => rule(once)),
  );
  await page.getByRole('button', { name: 'Remove fault-1', exact: true }).click();
  await waitFor(() => emulator.faults.list().length, presets.length - 1);
  await page.getByRole('button', { name: 'Remove all' }).click();
  await waitFor(() => emulator.faults.list(), []);
  await page.getByText('None: every request').waitFor();
});

test('a fault is narrowed to a user, a calendar and a number of times', async ({ open, emulator }) => {
  const page = await open('/faults');
  await page.getByLabel('User').selectOption(GRACE);
  await page.getByLabel('Calendar').selectOption(TEAM);
  await page.getByLabel('How often').selectOption('0');
  await page.getByRole('button', { name: /^List answers 410/ }).click();
  await waitFor(
    () => emulator.faults.list().map(({ rule }) => rule),
    [
      {
        on: 'request',
        match: { method: 'calendar.*.list', user: GRACE, calendarId: TEAM },
        effect: { do: 'fail', status: 410, reason: 'fullSyncRequired' },
      },
    ],
  );
});

test('a rule shows how often it acted, and when it is used up', async ({ open, emulator }) => {
  const page = await open('/faults');
  await page.getByRole('button', { name: /^List answers 500/ }).click();
  await page.getByText('once · matched 0 · acted 0').waitFor();
  expect((await call(emulator, ADA, 'GET', '/users/me/calendarList')).status).toBe(500);
  expect((await call(emulator, ADA, 'GET', '/users/me/calendarList')).status).toBe(200);
  await page.getByText('once · matched 2 · acted 1 · used up').waitFor();
});

test('what the page itself reads does not use up a fault', async ({ open, emulator }) => {
  emulator.faults.add({ on: 'request', times: 1, effect: { do: 'fail', status: 500 } });
  const page = await open('/calendar?from=2027-01-04');
  await page.locator('.event').first().waitFor();
  expect(emulator.faults.list()).toMatchObject([{ matched: 0, acted: 0 }]);
  expect(emulator.journal.requests()).toEqual([]);
});

test('a rule is written as JSON, and a mistake in it is explained', async ({ open, emulator }) => {
  const page = await open('/faults', { expected: /status of 400/ });
  await page.getByText('Write a rule').click();
  const text = page.getByLabel('A rule, or a list of rules, as JSON');
  await page.getByRole('button', { name: 'Add rule' }).click();
  await waitFor(() => emulator.faults.list().length, 1);
  await text.fill('{ "on": "request", "effect": { "do": "explode" } }');
  await page.getByRole('button', { name: 'Add rule' }).click();
  await page.getByRole('alert').getByText('effect').waitFor();
  await text.fill('no JSON');
  await page.getByRole('button', { name: 'Add rule' }).click();
  await page.getByRole('alert').getByText('JSON').waitFor();
  expect(emulator.faults.list()).toHaveLength(1);
});

test('what happens at once happens', async ({ open, emulator, receiver, watch }) => {
  await watch('c1');
  const list: unknown = await (await call(emulator, ADA, 'GET', '/calendars/primary/events')).json();
  const page = await open('/faults');
  const press = async (path: string): Promise<void> => {
    const { title = '' } = actions.find((action) => action.path === path) ?? {};
    await page.getByRole('button', { name: new RegExp(`^${title}`) }).click();
    await page.getByText(`${title}: done`).waitFor();
  };
  await press('notify');
  expect(receiver.received.at(-1)?.state).toBe('exists');
  await press('kill-channels');
  expect(emulator.channels.find('c1')?.state).toBe('killed');
  await watch('c2');
  await press('expire-channels');
  expect(emulator.channels.find('c2')?.state).toBe('expired');
  await press('expire-sync-tokens');
  const token = encodeURIComponent(String(Reflect.get(Object(list), 'nextSyncToken')));
  expect((await call(emulator, ADA, 'GET', `/calendars/primary/events?syncToken=${token}`)).status).toBe(410);
  await press('oauth/expire-tokens');
  await press('oauth/revoke');
});

test('a named scenario is played for the chosen user, and says what it did', async ({ open, emulator }) => {
  const page = await open('/faults');
  await page.getByLabel('User').selectOption(GRACE);
  const scenarios = page.getByRole('region', { name: 'Scenarios' }).getByRole('button');
  await scenarios.first().waitFor();
  const answer = page.waitForResponse(/\/emulator\/scenarios\//);
  await scenarios.filter({ hasText: 'backend-error' }).click();
  const { did } = z.object({ did: z.string() }).parse(await (await answer).json());
  await page.getByRole('status').getByText(did).waitFor();
  expect(emulator.faults.list().map(({ rule }) => rule.match)).toEqual([
    expect.objectContaining({ user: GRACE }),
  ]);
});

test('the clock is advanced by steps and by a length of one’s own', async ({ open, emulator }) => {
  const page = await open('/clock');
  const aheadBy = () => Math.round((emulator.clock.now() - Date.now()) / 60_000);
  await page.getByText('The same as this machine’s.').waitFor();
  await page.getByRole('button', { name: '+ 1 hour' }).click();
  await waitFor(aheadBy, 60);
  await page.getByText('1 h ahead of this machine’s.').waitFor();
  await page.getByRole('button', { name: '+ 1 day' }).click();
  await page.getByRole('button', { name: '+ 8 days' }).click();
  await waitFor(aheadBy, (9 * DAY) / 60_000 + 60);
  await page.getByLabel('Advance by').fill('1.5');
  await page.getByLabel('Unit').selectOption('hours');
  await page.getByRole('button', { name: 'Advance', exact: true }).click();
  await waitFor(aheadBy, (9 * DAY) / 60_000 + 150);
});

test('notifications are waited for, and the state is reset after a question', async ({
  open,
  emulator,
  receiver,
  watch,
}) => {
  await watch('c1');
  emulator.clock.advance(DAY);
  const page = await open('/clock');
  await page.getByRole('button', { name: 'Wait for notifications' }).click();
  await page.getByText('All notifications are settled').waitFor();
  await page.getByRole('button', { name: 'Reset everything' }).click();
  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  await page.getByText('The same as this machine’s.').waitFor();
  expect(emulator.channels.list()).toEqual([]);
  expect(emulator.journal.requests()).toEqual([]);
  expect(receiver.received).toHaveLength(1);
  expect(await look(emulator, ADA, '/calendars/primary/events/review')).toMatchObject({ summary: 'Review' });
});
