/** Accessibility, narrow screens, dark and light, hostile texts. */
import { expect } from 'vitest';
import { VIEWS } from '../../infra/emulator/page/app/state/route.ts';
import { violationsOf } from '../support/browser/axe.ts';
import { test, waitFor } from '../support/browser/page-test.ts';
import { ADA, block, call, cell, WEEK } from '../support/browser/week.ts';
import type { CalendarEmulator } from '../../infra/emulator/types.ts';

/** Makes the views have something to show: a channel, entries of all kinds, rules. */
async function fill(emulator: CalendarEmulator): Promise<void> {
  const address = 'http://127.0.0.1:9/';
  const path = '/calendars/primary/events';
  emulator.faults.add({
    on: 'request',
    times: 1,
    match: { method: '*.list' },
    effect: { do: 'fail', status: 500 },
  });
  emulator.faults.add({ on: 'notification', effect: { do: 'drop' } });
  await call(emulator, ADA, 'POST', `${path}/watch`, { id: 'c1', type: 'web_hook', address });
  await call(emulator, ADA, 'GET', path);
  await call(emulator, ADA, 'GET', '/calendars/nowhere/events');
  await call(emulator, ADA, 'DELETE', `${path}/planning`);
  await emulator.settle();
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every view is accessible in its ${colorScheme} colours`, async ({ open, emulator }) => {
    await fill(emulator);
    const page = await open(WEEK, { colorScheme });
    await block(page, 'Review').waitFor();
    const found: Record<string, readonly string[]> = {};
    for (const view of VIEWS) {
      await page.getByRole('navigation').getByRole('link').nth(VIEWS.indexOf(view)).click();
      await page.locator('h1').first().waitFor();
      found[view] = await violationsOf(page);
    }
    await page.goBack();
    expect(found).toEqual(Object.fromEntries(VIEWS.map((view) => [view, []])));
  });

  test(`dialogs are accessible in their ${colorScheme} colours`, async ({ open }) => {
    const page = await open(WEEK, { colorScheme });
    await block(page, 'Review').click();
    await page.getByRole('dialog', { name: 'Review' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Keyboard help' }).click();
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });
}

test('nothing is wider than a screen of 360 pixels, and all of it can be used', async ({
  open,
  emulator,
}) => {
  await fill(emulator);
  const page = await open(WEEK, { viewport: { width: 360, height: 740 } });
  for (const view of VIEWS) {
    await page.getByRole('navigation').getByRole('link').nth(VIEWS.indexOf(view)).click();
    await page.locator('h1').first().waitFor();
    expect([view, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([view, 360]);
  }
  await page.goto(`${emulator.url}/emulator/#${WEEK}`);
  await waitFor(() => page.locator('.day').count(), 3);
  await cell(page, 1, '13:00').click();
  await page.getByRole('dialog', { name: 'New event' }).waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
});

test('the theme is chosen by a button and kept', async ({ open }) => {
  const page = await open(WEEK, { colorScheme: 'light' });
  const ground = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
  const light = await ground();
  await page.getByRole('button', { name: 'Theme: system' }).click();
  await page.getByRole('button', { name: 'Theme: light' }).click();
  await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
  const dark = await ground();
  expect(dark).not.toBe(light);
  await page.reload();
  await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
  expect(await ground()).toBe(dark);
});

test('hostile titles are shown as text, and break nothing', async ({ open, emulator }) => {
  const titles = [
    '<img src=x onerror="window.hacked = true"><script>window.hacked = true</script>',
    '\u202Egnp.exe \u202D\u2066 right to left',
    'endless'.repeat(2_000),
    '{{constructor.constructor("window.hacked = true")()}} \u0000\u0007 \uD83D\uDE00',
  ];
  for (const [index, summary] of titles.entries()) {
    const event = {
      id: `hostile${index}`,
      summary,
      description: summary,
      location: summary,
      status: 'confirmed',
      start: { dateTime: `2027-01-0${4 + index}T18:00:00Z` },
      end: { dateTime: `2027-01-0${4 + index}T19:00:00Z` },
    };
    emulator.putEvent(ADA, event);
  }
  emulator.putEvent(ADA, { id: 'odd', start: { dateTime: 'soon' }, attendees: [{ email: '<b>x</b>' }] });
  await call(emulator, '<script>alert(1)</script>@example.com', 'GET', '/calendars/%3Cscript%3E/events');
  const page = await open(WEEK);
  await waitFor(() => page.locator('.event').count(), 12);
  await page.getByText('<img src=x').first().click();
  await page.getByRole('dialog').getByLabel('Title').waitFor();
  expect(await page.getByLabel('Title').inputValue()).toBe(titles[0]);
  await page.keyboard.press('Escape');
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(1280);
  await page.getByRole('link', { name: 'Journal' }).click();
  await page.locator('.entry').first().waitFor();
  expect(await page.evaluate('typeof window.hacked')).toBe('undefined');
  expect(await page.locator('main img, main script').count()).toBe(0);
});

test('the page calls no server but its own', async ({ open, emulator }) => {
  const page = await open('/clock');
  const hosts = new Set<string>();
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  await page.reload();
  for (const view of VIEWS) {
    await page.getByRole('navigation').getByRole('link').nth(VIEWS.indexOf(view)).click();
    await page.locator('h1').first().waitFor();
  }
  expect([...hosts]).toEqual([new URL(emulator.url).host]);
});
