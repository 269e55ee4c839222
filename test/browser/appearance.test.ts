/** Accessibility, narrow screens, dark and light, hostile texts. */
import { expect } from 'vitest';
import { VIEWS } from '../../infra/emulator/page/app/state/route.ts';
import { violationsOf } from '../support/browser/axe.ts';
import { test, waitFor } from '../support/browser/page-test.ts';
import { ADA, block, call, cell, WEEK } from '../support/browser/week.ts';
import { startCalendarEmulator } from '../../infra/emulator/server.ts';
import type { Locator } from 'playwright-core';
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

/** Puts events of one user into the week of the tests. */
const put = (emulator: CalendarEmulator, events: readonly object[]): void => {
  for (const [index, event] of events.entries())
    emulator.putEvent(ADA, { id: `crowd${index}`, status: 'confirmed', ...event });
};
const boxOf = async (locator: Locator) => {
  const { x = 0, y = 0, width = 0, height = 0 } = (await locator.boundingBox()) ?? {};
  return { left: x, right: x + width, bottom: y + height };
};

test('many all-day events leave the hours in view, and can be scrolled to', async ({ open, emulator }) => {
  const whole = { start: { date: '2027-01-08' }, end: { date: '2027-01-09' } };
  put(
    emulator,
    Array.from({ length: 40 }, (_, index) => ({ summary: `Whole day ${index}`, ...whole })),
  );
  const page = await open(WEEK);
  const last = block(page, 'Whole day 39');
  await last.waitFor();
  expect((await boxOf(page.locator('.week-head'))).bottom).toBeLessThan(400);
  // The scrollbar does not move the days.
  const [above, below] = [await boxOf(page.locator('#cell-4--1')), await boxOf(cell(page, 4, '12:00'))];
  expect(Math.abs(above.left - below.left)).toBeLessThan(1);
  await last.click();
  await page.getByRole('dialog', { name: 'Whole day 39' }).waitFor();
  await page.keyboard.press('Escape');
  expect(await violationsOf(page)).toEqual([]);
});

test('events that overlap stay within their day', async ({ open, emulator }) => {
  const time = { start: { dateTime: '2027-01-08T18:00:00Z' }, end: { dateTime: '2027-01-08T19:00:00Z' } };
  put(
    emulator,
    Array.from({ length: 14 }, (_, index) => ({ summary: `Same time ${index}`, ...time })),
  );
  const page = await open(WEEK);
  await waitFor(() => page.getByRole('button', { name: /^Same time/ }).count(), 14);
  const friday = await boxOf(cell(page, 4, '18:00'));
  for (const each of await page.getByRole('button', { name: /^Same time/ }).all()) {
    const { left, right } = await boxOf(each);
    expect(left).toBeGreaterThanOrEqual(friday.left);
    expect(right).toBeLessThanOrEqual(friday.right);
  }
});

for (const width of [360, 768])
  test(`of a short event, ${width} pixels show the title rather than the time`, async ({ open }) => {
    const page = await open(WEEK, { viewport: { width, height: 740 } });
    const title = block(page, 'Stand-up').locator('.title');
    await title.waitFor();
    const { left, right } = await boxOf(title);
    expect(right - left).toBeGreaterThan(35);
    await page
      .getByRole('button', { name: /^Stand-up\s*,\s*08:30/ })
      .first()
      .waitFor();
  });

test('no column of the journal covers another, from 360 to 1280 pixels', async ({ open, emulator }) => {
  await call(emulator, 'unknown', 'GET', '/users/me/calendarList');
  await fill(emulator);
  for (const width of [360, 721, 768, 901, 1280]) {
    const page = await open('/journal', { viewport: { width, height: 740 } });
    await page.locator('.entry').nth(4).waitFor();
    for (const entry of await page.locator('.entry:not(.head)').all()) {
      const [text, who] = [await boxOf(entry.locator('.method')), await boxOf(entry.locator('.who'))];
      const limit = width > 900 ? who.left : width;
      expect(text.right).toBeLessThanOrEqual(limit);
      expect((await boxOf(entry.locator('.what'))).right).toBeLessThanOrEqual(width);
    }
  }
});

test('without users, the page says so and offers to add one', async ({ open }) => {
  await using empty = await startCalendarEmulator();
  const page = await open('/calendar', { url: empty.url });
  await page.getByLabel('Acting as').getByText('No users yet').waitFor({ state: 'attached' });
  await page.getByLabel('User', { exact: true }).fill('grace@example.com');
  await page.getByRole('button', { name: 'Add user' }).click();
  await waitFor(() => page.getByLabel('Acting as').inputValue(), 'grace@example.com');
  // Before its server ends.
  await page.close();
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
