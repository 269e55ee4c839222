/** What is wrong, how to get to it, and a page that stays as it is read while changes arrive. */
import { expect } from 'vitest';
import { startFedConsole } from '../../support/console/fed-console.ts';
import { linesOf, test as base, waitFor } from '../../support/console/page-test.ts';
import { sampleView } from '../../support/console/sample-view.ts';
import type { Page } from 'playwright-core';

const test = base.extend('fed', async ({}, { onCleanup }) => {
  const fed = await startFedConsole();
  onCleanup(() => fed.close());
  return fed;
});

const healthy = (id: string) => sampleView({ id, nextCheckAt: Date.now() + 60_000 });
const details = (page: Page) => page.getByRole('complementary', { name: 'Change' });
const counted = (page: Page) => page.locator('.line .changes').allInnerTexts();
const topOf = (page: Page): Promise<number> =>
  page.locator('.lines').evaluate((list: HTMLElement) => list.scrollTop);

test('what is wrong opens below the sentence, with the watch and the command that fixes it', async ({
  open,
  fed,
}) => {
  fed.state.watches([healthy('team'), healthy('ops')], []);
  const page = await open(undefined, { address: fed.address });
  expect(await page.title()).toBe('Changes · demo-fed · calendar-mirror');
  expect(await page.getByRole('button', { name: 'What is wrong?' }).count()).toBe(0);
  const fix = 'calendar-mirror renew ops';
  fed.state.watches([{ ...healthy('ops'), state: 'paused', detail: 'access was withdrawn', fix }], []);
  await page.getByRole('button', { name: 'What is wrong?' }).click();
  const problem = page.getByRole('list', { name: 'Problems' }).getByRole('listitem');
  await problem.getByText('paused: access was withdrawn').waitFor();
  await problem.getByText(fix).waitFor();
  await waitFor(() => page.title(), '⚠ Changes · demo-fed · calendar-mirror');
  await problem.getByRole('link', { name: 'ops' }).click();
  await page.getByRole('heading', { name: 'ops' }).waitFor();
  fed.state.watches([healthy('ops')], []);
  await page.locator('.health.good').waitFor();
  await waitFor(() => page.title(), 'Watches · demo-fed · calendar-mirror');
  await page.getByRole('article').getByText('Google sends a notification for each change').waitFor();
});

test('a source that the console can no longer read is a bad health', async ({ open, fed }) => {
  fed.state.watches([healthy('team')], []);
  const page = await open(undefined, { address: fed.address });
  fed.state.source('watches', 'PERMISSION_DENIED');
  await page.locator('.health.bad').getByText('PERMISSION_DENIED').waitFor();
  fed.state.source('watches');
  await page.locator('.health.good').waitFor();
});

test('the changes of a watch a day are counted on, and are the same after a reload and in another tab', async ({
  open,
  fed,
}) => {
  fed.state.watches([healthy('team')], []);
  for (let number = 1; number <= 600; number += 1) fed.change(number);
  const page = await open('view=watches', { address: fed.address });
  await waitFor(() => counted(page), ['600']);
  fed.change(601);
  await waitFor(() => counted(page), ['601']);
  await page.reload();
  await waitFor(() => counted(page), ['601']);
  const beside = await open('view=watches', { address: fed.address, beside: page });
  await waitFor(() => counted(beside), ['601']);
});

test('what is read stays in its place while changes arrive, and is not left for the chosen one', async ({
  open,
  fed,
}) => {
  for (let number = 1; number <= 200; number += 1) fed.change(number);
  const page = await open(undefined, { address: fed.address });
  await linesOf(page, 'Number 200”').click();
  await details(page).waitFor();
  await page.locator('.lines').evaluate((list: HTMLElement) => list.scrollTo(0, 34 * 100));
  await linesOf(page, 'Number 100”').waitFor();
  const placeOf = async () => (await linesOf(page, 'Number 100”').boundingBox())?.y;
  const before = await placeOf();
  for (let number = 201; number <= 230; number += 1) fed.change(number);
  await waitFor(() => topOf(page), 34 * 130);
  expect(await placeOf()).toBe(before);
  await page.locator('.lines').evaluate((list: HTMLElement) => list.scrollTo(0, 0));
  await linesOf(page, 'Number 230”').waitFor();
  fed.change(231);
  await linesOf(page, 'Number 231”').waitFor();
});

test('the changes of one watch are a link of its page, and the filter can be taken away', async ({
  open,
  fed,
}) => {
  fed.state.watches([healthy('team'), healthy('ops')], []);
  fed.change(1);
  fed.change(2, { watchId: 'ops' });
  const page = await open('view=watches&watch=ops', { address: fed.address });
  await page.getByRole('link', { name: 'Its changes' }).click();
  await linesOf(page, 'Number 2').waitFor();
  expect(await linesOf(page, 'Number').count()).toBe(1);
  await page.getByRole('button', { name: 'Watch ops' }).click();
  await waitFor(() => linesOf(page, 'Number').count(), 2);
  await linesOf(page, 'Number 1').click();
  await details(page).getByRole('link', { name: 'team' }).click();
  await page.getByRole('heading', { name: 'team' }).waitFor();
  await page.getByRole('link', { name: '← Watches' }).click();
  await page.getByRole('list', { name: 'Watches' }).getByRole('link').first().waitFor();
});

test('nothing is said to be missing before the console has said what there is', async ({ open, fed }) => {
  fed.state.watches([healthy('team')], []);
  fed.change(1);
  for (const query of ['view=timeline', 'view=watches', 'view=watches&watch=team', 'view=week&watch=team']) {
    const page = await open(query, { address: fed.address, expected: /404/ });
    await page.addInitScript(() => {
      const said: string[] = [];
      Object.assign(globalThis, { said });
      new MutationObserver(() => said.push(document.body.innerText)).observe(document, {
        childList: true,
        subtree: true,
      });
    });
    await page.reload();
    await page.locator('.health.good').waitFor();
    const said = await page.evaluate<readonly string[]>('said');
    expect(said.length).toBeGreaterThan(0);
    expect(said.filter((text) => /No (change|watch)|There is no/.test(text))).toEqual([]);
  }
});
