/** The line of a change, and what can be done with the lines. */
import { expect } from 'vitest';
import { linesOf, test, waitFor } from '../../support/console/page-test.ts';
import { AT, PRIMARY } from '../../support/watched-events.ts';
import type { Page } from 'playwright-core';

const searchOf = (page: Page, name: string): string | null => new URL(page.url()).searchParams.get(name);
const titlesOf = (page: Page): Promise<readonly string[]> => page.locator('.lines .sentence').allInnerTexts();

test('a newcomer opens the printed address, and sees an edit as soon as it is on the feed', async ({
  open,
  cloud,
  watched,
  address,
}) => {
  const page = await open();
  expect(page.url()).toBe(`${new URL(address).origin}/`);
  const { id } = await cloud.as(watched.user).insert(PRIMARY, { summary: 'Newcomer', ...AT });
  const line = linesOf(page, 'Newcomer');
  await line.waitFor();
  await cloud.as(watched.user).patch(`${PRIMARY}/${id}`, { start: { dateTime: '2030-01-01T10:30:00Z' } });
  await linesOf(page, 'moved').filter({ hasText: 'Newcomer' }).waitFor();
  expect(await line.count()).toBe(2);
  await page
    .locator('.health')
    .filter({ hasText: /last change \d+ s ago/ })
    .waitFor();
});

test('filters are in the address, and the back button undoes them', async ({ open, cloud, watched }) => {
  const page = await open();
  const { id } = await cloud.as(watched.user).insert(PRIMARY, { summary: 'Filtered', ...AT });
  await linesOf(page, 'Filtered').waitFor();
  await cloud.as(watched.user).patch(`${PRIMARY}/${id}`, { location: 'Library' });
  await waitFor(() => linesOf(page, 'Filtered').count(), 2);
  await page.getByLabel('kind').selectOption('location');
  await waitFor(() => linesOf(page, 'Filtered').count(), 1);
  expect(searchOf(page, 'kind')).toBe('location');
  await page.getByRole('searchbox', { name: 'Filter' }).fill('no such words');
  await page.getByText('No change matches the filters.').waitFor();
  expect(searchOf(page, 'q')).toBe('no such words');
  await page.reload();
  await page.getByText('No change matches the filters.').waitFor();
  await page.getByRole('searchbox', { name: 'Filter' }).fill('');
  await page.goBack();
  await waitFor(() => linesOf(page, 'Filtered').count(), 2);
  expect(searchOf(page, 'kind')).toBe(null);
  await page.getByRole('link', { name: 'Watches' }).click();
  await page.getByRole('list', { name: 'Watches' }).waitFor();
  await page.goBack();
  await waitFor(() => linesOf(page, 'Filtered').count(), 2);
});

test('a paused timeline stands still and counts, and goes on where it was', async ({
  open,
  cloud,
  watched,
}) => {
  const page = await open('q=paused');
  await page.getByRole('button', { name: 'Pause' }).click();
  for (const name of ['Paused 1', 'Paused 2'])
    await cloud.as(watched.user).insert(PRIMARY, { summary: name, ...AT });
  await page.getByRole('button', { name: 'Resume (2 new)' }).waitFor();
  expect(await linesOf(page, 'Paused').count()).toBe(0);
  await page.getByRole('button', { name: 'Resume (2 new)' }).click();
  await waitFor(() => linesOf(page, 'Paused').count(), 2);
  await page.locator('body').press('p');
  await page.getByRole('button', { name: 'Resume (0 new)' }).waitFor();
});

test('a sequence is jumped to, also where it is far below, and one that is not there is said to be so', async ({
  open,
  cloud,
  watched,
}) => {
  const page = await open();
  for (let number = 1; number <= 3; number += 1)
    await cloud.as(watched.user).insert(PRIMARY, { summary: `Numbered ${number}`, ...AT });
  await waitFor(() => linesOf(page, 'Numbered').count(), 3);
  const jump = page.getByLabel('go to sequence');
  await jump.fill(`${watched.watch}/2`);
  await jump.press('Enter');
  await page.getByRole('complementary', { name: 'Change' }).waitFor();
  expect(searchOf(page, 'change')).toBe(`${watched.watch}/2`);
  expect(await page.locator('.line[aria-expanded=true]').count()).toBe(1);
  await jump.fill('123456');
  await jump.press('Enter');
  await waitFor(() => jump.evaluate((input: HTMLInputElement) => input.validity.customError), true);
});

test('the details of a change show its hops, and its fields before and after', async ({
  open,
  cloud,
  watched,
}) => {
  const page = await open();
  const { id } = await cloud.as(watched.user).insert(PRIMARY, { summary: 'Detailed', ...AT });
  await linesOf(page, 'Detailed').waitFor();
  await cloud.as(watched.user).patch(`${PRIMARY}/${id}`, { location: 'Library' });
  await linesOf(page, 'location').filter({ hasText: 'Detailed' }).click();
  const details = page.getByRole('complementary', { name: 'Change' });
  const row = details.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'location' }) });
  await waitFor(() => row.getByRole('cell').allInnerTexts(), ['', 'Library']);
  const stages = details.getByRole('table', { name: 'Hops' }).getByRole('rowheader');
  await waitFor(
    () => stages.allInnerTexts(),
    ['edit', 'notification', 'receive', 'sync', 'mirror', 'feed', 'in all'],
  );
  await details.getByRole('button', { name: 'Close' }).click();
  await details.waitFor({ state: 'detached' });
  expect(searchOf(page, 'change')).toBe(null);
});

test('everything is done with keys', async ({ open, cloud, watched }) => {
  const page = await open();
  for (const name of ['Keyed 1', 'Keyed 2'])
    await cloud.as(watched.user).insert(PRIMARY, { summary: name, ...AT });
  await waitFor(() => linesOf(page, 'Keyed').count(), 2);
  const details = page.getByRole('complementary', { name: 'Change' });
  await page.keyboard.press('/');
  await page.keyboard.type('keyed');
  await waitFor(() => page.locator('.lines .line').count(), 2);
  expect(searchOf(page, 'q')).toBe('keyed');
  await page.keyboard.press('Escape');
  const [first = '', second = ''] = await titlesOf(page);
  await page.keyboard.press('j');
  await details.getByRole('heading', { name: first }).waitFor();
  await page.keyboard.press('j');
  await details.getByRole('heading', { name: second }).waitFor();
  await page.keyboard.press('k');
  await details.getByRole('heading', { name: first }).waitFor();
  await page.keyboard.press('Escape');
  await details.waitFor({ state: 'detached' });
  await linesOf(page, 'Keyed 1').focus();
  await page.keyboard.press('Enter');
  await details.waitFor();
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keys' });
  await help.waitFor();
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'detached' });
  await page.keyboard.press('2');
  await page.getByRole('list', { name: 'Watches' }).waitFor();
});

test('the changes that are shown, or a selection of them, are copied as a test', async ({
  open,
  cloud,
  watched,
}) => {
  const page = await open('q=exported', { permissions: ['clipboard-read', 'clipboard-write'] });
  for (const number of [1, 2, 3]) {
    await cloud.as(watched.user).insert(PRIMARY, { summary: `Exported ${number}`, ...AT });
    await linesOf(page, `Exported ${number}`).waitFor();
  }
  const copied = () => page.evaluate<string>('navigator.clipboard.readText()');
  await page.getByRole('button', { name: 'Copy as test', exact: true }).click();
  await page.getByText('Copied a test of 3 changes').waitFor();
  const all = await copied();
  for (const number of [1, 2, 3]) expect(all).toContain(`"summary": "Exported ${number}"`);
  expect(all).toContain('startCalendarEmulator');
  await linesOf(page, 'Exported 3').click();
  await linesOf(page, 'Exported 2').click({ modifiers: ['Shift'] });
  await page.getByRole('button', { name: 'Copy as test (2)' }).click();
  await page.getByText('Copied a test of 2 changes').waitFor();
  expect(await copied()).not.toContain('Exported 1');
});
