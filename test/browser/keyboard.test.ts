/** The page with the keyboard alone. */
import { expect } from 'vitest';
import { test, waitFor } from '../support/browser/page-test.ts';
import { block, cell, eventOf, eventsOf, timeOf, WEEK } from '../support/browser/week.ts';
import type { Page } from 'playwright-core';

/** Returns the accessible name of the element that has the focus; of a cell its time, without the events in it. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(
    `((element) => (element?.getAttribute('aria-label') ?? element?.textContent ?? '').trim().slice(0, 80))(
      document.activeElement?.matches('.slot') ? document.activeElement.firstElementChild : document.activeElement,
    )`,
  );

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Presses Tab until what has the focus is called so. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach “${name}”, but “${await focused(page)}”`);
}

test('Tab reaches one cell of the week, and arrows choose another', async ({ open }) => {
  const page = await open(WEEK);
  await tabTo(page, 'New event');
  await press(page, 'Tab');
  expect(await focused(page)).toBe('Monday 4 January, 09:00');
  await press(page, 'ArrowRight', 'ArrowDown', 'ArrowDown');
  expect(await focused(page)).toBe('Tuesday 5 January, 10:00');
  await press(page, 'End', 'ArrowUp');
  expect(await focused(page)).toBe('Sunday 10 January, 09:30');
  await press(page, 'ArrowRight');
  await waitFor(() => focused(page), 'Monday 11 January, 09:30');
  await press(page, 'ArrowLeft');
  await waitFor(() => focused(page), 'Sunday 10 January, 09:30');
  await press(page, 'Home', 'PageUp');
  await waitFor(() => focused(page), 'Monday 28 December, 09:30');
  await press(page, 'PageDown');
  await waitFor(() => focused(page), 'Monday 4 January, 09:30');
  await press(page, 't');
  await page.locator('.day.today').waitFor();
});

test('the focus can be seen', async ({ open }) => {
  const page = await open(WEEK);
  await tabTo(page, 'New event');
  await press(page, 'Tab');
  const outline = await page.evaluate<string>(`getComputedStyle(document.activeElement).outlineStyle`);
  expect(outline).toBe('solid');
});

test('an event is created, opened, moved, resized and cancelled without a pointer', async ({
  open,
  emulator,
}) => {
  const page = await open(WEEK);
  await block(page, 'Review').waitFor();
  await tabTo(page, 'New event');
  await press(page, 'Tab', 'ArrowRight', 'ArrowRight', 'Enter');
  const dialog = page.getByRole('dialog', { name: 'New event' });
  await dialog.waitFor();
  await page.keyboard.type('Tea');
  await press(page, 'Enter');
  await block(page, 'Tea').waitFor();
  const { id = '' } = (await eventsOf(emulator)).find(({ summary }) => summary === 'Tea') ?? {};
  const time = async () => timeOf(await eventOf(emulator, id));
  expect(await time()).toBe('2027-01-06 09:00-10:00');

  await waitFor(() => focused(page), 'Wednesday 6 January, 09:00');
  await press(page, 'n');
  expect(await focused(page)).toBe('Tea, 09:00 – 10:00, Ada Lovelace');
  // A key that is held down moves on from where the one before it led.
  await press(page, 'Alt+ArrowDown', 'Alt+ArrowDown', 'Alt+ArrowUp');
  await waitFor(time, '2027-01-06 09:15-10:15');
  await waitFor(() => focused(page), 'Tea, 09:15 – 10:15, Ada Lovelace');
  await press(page, 'Alt+ArrowRight');
  await waitFor(time, '2027-01-07 09:15-10:15');
  await page.locator('#cell-3-18 .event:focus').waitFor();
  await press(page, 'Alt+Shift+ArrowDown');
  await waitFor(time, '2027-01-07 09:15-10:30');
  await waitFor(() => focused(page), 'Tea, 09:15 – 10:30, Ada Lovelace');

  await press(page, 'Enter');
  await page.getByRole('dialog', { name: 'Tea' }).waitFor();
  await press(page, 'Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await waitFor(() => focused(page), 'Tea, 09:15 – 10:30, Ada Lovelace');
  await press(page, 'Delete');
  await tabTo(page, 'Cancel the event');
  await press(page, 'Enter');
  await waitFor(async () => (await eventOf(emulator, id)).status, 'cancelled');
});

test('events are visited in the order of their times', async ({ open }) => {
  const page = await open(WEEK);
  await block(page, 'Planning').waitFor();
  await cell(page, 0, '08:00').focus();
  const visited: string[] = [];
  for (let count = 0; count < 4; count += 1) {
    await press(page, 'n');
    visited.push((await focused(page)).split(',')[0] ?? '');
  }
  expect(visited).toEqual(['Stand-up', 'Review', 'Release', 'Stand-up']);
  await press(page, 'p', 'p');
  expect(await focused(page)).toContain('Review');
  await press(page, 'ArrowRight');
  expect(await focused(page)).toBe('Tuesday 5 January, 10:00');
});

test('the row of all-day events is above midnight', async ({ open, emulator }) => {
  const page = await open(WEEK);
  await cell(page, 4, '00:00').focus();
  await press(page, 'ArrowUp');
  expect(await focused(page)).toBe('Friday 8 January, all day');
  await press(page, 'ArrowUp', 'Enter');
  await page.getByRole('dialog', { name: 'New event' }).waitFor();
  await page.keyboard.type('Holiday');
  await press(page, 'Enter');
  await waitFor(async () => (await eventsOf(emulator)).find(({ summary }) => summary === 'Holiday')?.start, {
    date: '2027-01-08',
  });
});

test('figures choose a view, and a question mark explains the keys', async ({ open }) => {
  const page = await open(WEEK);
  for (const [key, title] of [
    ['2', 'Channels'],
    ['3', 'Journal'],
    ['4', 'Faults'],
    ['5', 'Clock'],
  ] as const) {
    await press(page, key);
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await waitFor(() => page.title(), `${title} – Calendar emulator`);
  }
  await press(page, '?');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  await press(page, '1', 'Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'Clock' }).waitFor();
  await press(page, '3');
  await page.getByPlaceholder('events.list').fill('12');
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Journal');
});
