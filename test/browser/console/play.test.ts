/** A week of the mirror beside Google's, and playing Google. */
import { expect } from 'vitest';
import { drag } from '../../support/browser/week.ts';
import { linesOf, test as base, waitFor } from '../../support/console/page-test.ts';
import { PRIMARY, watchedEvents } from '../../support/watched-events.ts';
import type { Locator, Page } from 'playwright-core';

const DAY = '2030-06-04';
/** Monday of the week that is shown. */
const FROM = '2030-06-03';

/** A calendar of its own, with one event in the week. */
const test = base.extend('week', async ({ cloud }) => {
  const { user, watch } = await watchedEvents(cloud);
  const { id } = await cloud.as(user).insert(PRIMARY, {
    summary: 'Planning',
    start: { dateTime: `${DAY}T10:00:00Z` },
    end: { dateTime: `${DAY}T11:00:00Z` },
  });
  return { user, watch, id, query: (view: string) => `view=${view}&watch=${watch}&from=${FROM}` };
});

const block = (page: Page, title: string): Locator =>
  page.getByRole('grid').last().locator('.event').filter({ hasText: title }).first();
const cell = (page: Page, day: number, hour: number): Locator => page.locator(`#play-${day}-${hour * 2}`);
const status = (page: Page, text: string): Locator => page.getByRole('status').getByText(text);

test('a newcomer drags an event, and its line appears below', async ({ open, cloud, week }) => {
  const page = await open(week.query('play'));
  await block(page, 'Planning').waitFor();
  await drag(page, block(page, 'Planning'), cell(page, 3, 14));
  const line = page.getByRole('region', { name: 'Last changes' }).locator('.line');
  await line.filter({ hasText: 'moved' }).filter({ hasText: 'Planning' }).waitFor();
  const event = await cloud.as(week.user).call('GET', `${PRIMARY}/${week.id}`);
  expect(JSON.stringify(event.body)).toContain('2030-06-06T');
  await page
    .getByRole('complementary', { name: 'Tools' })
    .getByText(/PATCH|curl/)
    .first()
    .waitFor();
  await line.filter({ hasText: 'Planning' }).first().click();
  await page.getByRole('complementary', { name: 'Change' }).waitFor();
});

test('an event is created by hand, and cancelled with a key after a question', async ({ open, week }) => {
  const page = await open(week.query('play'));
  await block(page, 'Planning').waitFor();
  await cell(page, 2, 12).click();
  const form = page.getByRole('dialog', { name: 'New event' });
  await form.getByLabel('Title').fill('By hand');
  await form.getByRole('button', { name: 'Create' }).click();
  await linesOf(page, 'By hand').waitFor();
  await block(page, 'By hand').focus();
  await page.keyboard.press('Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the event' }).click();
  await block(page, 'By hand').waitFor({ state: 'detached' });
  await linesOf(page, 'cancelled').filter({ hasText: 'By hand' }).waitFor();
});

test('every trouble is one click, and the command that does the same is shown', async ({
  open,
  cloud,
  week,
}) => {
  const page = await open(week.query('play'));
  const tools = page.getByRole('complementary', { name: 'Tools' });
  await block(page, 'Planning').waitFor();
  for (const name of ['Drop', 'Double', 'Delay by 5 s'])
    await tools.getByRole('button', { name, exact: true }).click();
  await tools.getByRole('button', { name: 'Clear faults (3)' }).click();
  await tools.getByRole('button', { name: 'Clear faults (0)' }).waitFor();
  await tools.getByRole('button', { name: 'Expire sync tokens' }).click();
  await tools.getByRole('button', { name: 'Kill channels' }).click();
  await tools.getByText(/1 silent/).waitFor();
  await tools.getByRole('button', { name: 'Expire channels' }).click();
  await waitFor(() => tools.locator('.log li').count(), 7);
  expect(await tools.locator('.log code').allInnerTexts()).toEqual(
    expect.arrayContaining([expect.stringContaining('/emulator/scenarios/lost-notification')]),
  );
  expect(cloud.calendar.faults.list()).toEqual([]);
});

test('the week shows mirror and Google as equal, and marks what differs', async ({ open, cloud, week }) => {
  const page = await open(week.query('week'));
  await status(page, 'equal: 1 of 1 event').waitFor();
  using _ = cloud.losingNotifications(week.user);
  await cloud.as(week.user).patch(`${PRIMARY}/${week.id}`, { location: 'Library' });
  const differences = page.getByRole('list', { name: 'Differences' });
  await differences.getByRole('button', { name: 'Planning' }).click();
  const details = page.getByRole('complementary', { name: 'Event' });
  await details.getByRole('rowheader', { name: 'location' }).waitFor();
  await cloud.requestSync(week.watch);
  await status(page, 'equal: 1 of 1 event').waitFor();
  await details.getByRole('link', { name: 'Item history' }).click();
  await page.getByText('Library').first().waitFor();
  await page.goBack();
  await status(page, 'equal: 1 of 1 event').waitFor();
});
