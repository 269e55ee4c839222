/** Accessibility, narrow screens, dark and light: of every view that the navigation has. */
import { expect } from 'vitest';
import { violationsOf } from '../../support/browser/axe.ts';
import { linesOf, test, waitFor } from '../../support/console/page-test.ts';
import { AT, PRIMARY } from '../../support/watched-events.ts';
import type { Page } from 'playwright-core';

/** Goes through the views, and returns what `look` says of each. */
async function eachView<T>(page: Page, look: () => Promise<T>): Promise<Readonly<Record<string, T>>> {
  const links = page.getByRole('navigation', { name: 'Views' }).getByRole('link');
  const said: Record<string, T> = {};
  for (const name of await links.allInnerTexts()) {
    await links.filter({ hasText: name }).click();
    await page.locator('main h1').first().waitFor({ state: 'attached' });
    said[name] = await look();
  }
  return said;
}

const widthOf = (page: Page): Promise<unknown> => page.evaluate('document.documentElement.scrollWidth');

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every view of the console is accessible in its ${colorScheme} colours`, async ({
    open,
    cloud,
    watched,
  }) => {
    const page = await open(undefined, { colorScheme });
    await cloud.as(watched.user).insert(PRIMARY, { summary: `In ${colorScheme}`, ...AT });
    await linesOf(page, `In ${colorScheme}`).click();
    await page.getByRole('rowheader', { name: 'summary' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    const found = await eachView(page, () => violationsOf(page));
    expect(Object.keys(found).length).toBeGreaterThan(1);
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.goto(`${new URL(page.url()).origin}/?view=watches&watch=${watched.watch}`);
    await page.getByRole('heading', { name: 'Channels' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });
}

test('nothing of the console is wider than a screen of 360 pixels', async ({ open, cloud, watched }) => {
  const page = await open(undefined, { viewport: { width: 360, height: 740 } });
  await cloud.as(watched.user).insert(PRIMARY, { summary: 'On a narrow screen', ...AT });
  await linesOf(page, 'On a narrow screen').click();
  await page.getByRole('rowheader', { name: 'summary' }).waitFor();
  expect(await widthOf(page)).toBe(360);
  const widths = await eachView(page, () => widthOf(page));
  expect(widths).toEqual(Object.fromEntries(Object.keys(widths).map((name) => [name, 360])));
  await page.goto(`${new URL(page.url()).origin}/?view=watches&watch=${watched.watch}`);
  await page.getByRole('heading', { name: 'Channels' }).waitFor();
  expect(await widthOf(page)).toBe(360);
});

test('the theme of the console is chosen by a button', async ({ open }) => {
  const page = await open(undefined, { colorScheme: 'light' });
  const ground = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
  const light = await ground();
  await page.getByRole('button', { name: 'Theme: system' }).click();
  await page.getByRole('button', { name: 'Theme: light' }).click();
  await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
  await waitFor(async () => (await ground()) !== light, true);
});
