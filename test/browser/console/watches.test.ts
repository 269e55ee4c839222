/** The list of watches, one of them in full, and what can be done with it. */
import { expect } from 'vitest';
import { test, waitFor } from '../../support/console/page-test.ts';
import { untilStatus, watchedEvents } from '../../support/watched-events.ts';
import type { Page } from 'playwright-core';

const list = (page: Page) => page.getByRole('list', { name: 'Watches' });
const idsOf = (page: Page): Promise<readonly string[]> =>
  list(page).locator('.line > .mono:first-child').allInnerTexts();

test('watches are sorted by a column, and filtered by words, both in the address', async ({
  open,
  cloud,
  watched,
}) => {
  const { watch, user } = await watchedEvents(cloud);
  const page = await open('view=watches');
  await list(page).getByText(watch).waitFor();
  await list(page).getByText(watched.watch).waitFor();
  const ids = await idsOf(page);
  expect(ids).toEqual(ids.toSorted());
  await page.getByRole('button', { name: 'Watch', exact: true }).click();
  await waitFor(() => idsOf(page), ids.toReversed());
  expect(page.url()).toContain('desc=1');
  await page.reload();
  await waitFor(() => idsOf(page), ids.toReversed());
  await page.getByRole('searchbox', { name: 'Filter' }).fill(`${user} active`);
  await waitFor(() => idsOf(page), [watch]);
  await page.getByText(`1 of ${ids.length}`).waitFor();
  await page.getByRole('searchbox', { name: 'Filter' }).fill('no such watch');
  await page.getByText('No watch matches.').waitFor();
});

test('a watch is shown with its channel, its syncs and its spec', async ({ open, cloud, watched }) => {
  const page = await open('view=watches');
  await list(page).getByText(watched.watch).click();
  const article = page.getByRole('article', { name: 'Watch' });
  await article.getByText(/live, ends in \d+ d/).waitFor();
  await article.getByText(`"user": "${watched.user}"`).waitFor();
  await article.getByText('Google sends a notification for each change').waitFor();
  await article.getByText('The same by command').click();
  for (const command of [`sync ${watched.watch} --full`, `replay ${watched.watch} --topic <topic>`])
    await article.getByText(`calendar-mirror ${command}`, { exact: true }).waitFor();
  await cloud.requestSync(watched.watch);
  await article.getByRole('row').filter({ hasText: 'manual' }).first().waitFor();
  await page.goBack();
  await list(page).waitFor();
});

test('a watch is synced, synced in full and renewed at once', async ({ open, cloud }) => {
  const { watch } = await watchedEvents(cloud);
  const page = await open(`view=watches&watch=${watch}`);
  const said = (text: string) => page.getByRole('status').getByText(text, { exact: true }).waitFor();
  const synced = (kind: string) =>
    cloud.logs.filter(
      ({ message, fields }) => message === 'synced' && fields['watch'] === watch && fields['kind'] === kind,
    ).length;
  const before = synced('incremental');
  await page.getByRole('button', { name: 'Sync now' }).click();
  await said(`Requested: calendar-mirror sync ${watch}`);
  await waitFor(() => synced('incremental') > before, true);
  const full = synced('full');
  await page.getByRole('button', { name: 'Sync in full' }).click();
  await said(`Requested: calendar-mirror sync ${watch} --full`);
  await waitFor(() => synced('full') > full, true);
  await page.getByRole('button', { name: 'Renew now' }).click();
  await said(`Requested: calendar-mirror renew ${watch}`);
});

test('a watch is ended after a question, and not if it is left open', async ({ open, cloud }) => {
  const { watch } = await watchedEvents(cloud);
  const page = await open(`view=watches&watch=${watch}`);
  const question = page.getByRole('dialog', { name: 'Stop this watch?' });
  await page.getByRole('button', { name: 'Unwatch' }).click();
  await question.getByRole('button', { name: 'Leave as it is' }).click();
  await question.waitFor({ state: 'detached' });
  expect(await cloud.status(watch)).toMatchObject({ state: 'active' });
  await page.getByRole('button', { name: 'Unwatch' }).click();
  await question.getByRole('button', { name: 'Stop, keep the items' }).click();
  await page.getByRole('status').getByText(`Requested: calendar-mirror unwatch ${watch} --keep`).waitFor();
  await untilStatus(cloud, watch, { state: 'removed' });
  await page.locator('.state.removed').waitFor();
});
