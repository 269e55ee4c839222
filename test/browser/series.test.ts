/** What can be done to one occurrence of a series, or to all of them, with a pointer. */
import { expect } from 'vitest';
import { test, waitFor } from '../support/browser/page-test.ts';
import { block, cell, drag, eventOf, eventsOf, hoursOf, WEEK } from '../support/browser/week.ts';

test('an occurrence can be moved alone', async ({ open, emulator }) => {
  const page = await open(WEEK);
  await drag(page, block(page, 'Stand-up'), cell(page, 0, '12:00'), { from: 0.5, to: 0.9 });
  await page.getByRole('button', { name: 'This event' }).click();
  await waitFor(
    async () => (await eventsOf(emulator)).filter(({ summary }) => summary === 'Stand-up').map(hoursOf),
    ['12:15-12:45', '08:30-09:00', '08:30-09:00', '08:30-09:00', '08:30-09:00'],
  );
});

test('an occurrence can be moved with its whole series', async ({ open, emulator }) => {
  const page = await open(WEEK);
  await drag(page, block(page, 'Stand-up'), cell(page, 0, '12:00'), { from: 0.5, to: 0.9 });
  await page.getByRole('button', { name: 'All events' }).click();
  await waitFor(
    async () => (await eventsOf(emulator)).filter(({ summary }) => summary === 'Stand-up').map(hoursOf),
    Array.from({ length: 5 }, () => '12:15-12:45'),
  );
});

test('an occurrence stays as it is when the question is closed', async ({ open, emulator }) => {
  const page = await open(WEEK);
  await drag(page, block(page, 'Stand-up'), cell(page, 0, '12:00'));
  await page.getByRole('button', { name: 'Leave as it is' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(emulator.journal.requests()).toEqual([]);
});

test('the form changes the fields of one occurrence, or of all of them', async ({ open, emulator }) => {
  const page = await open(WEEK);
  const dialog = page.getByRole('dialog', { name: 'Stand-up' });
  for (const [title, scope] of [
    ['One', 'This event'],
    ['All', 'All events'],
  ] as const) {
    await page.locator('.event').filter({ hasText: 'Stand-up' }).last().click();
    await dialog.getByText('RRULE:FREQ=DAILY;COUNT=5').waitFor();
    await dialog.getByLabel('Title').fill(title);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: scope }).click();
    await block(page, title).waitFor();
  }
  const titles = (await eventsOf(emulator)).map(({ summary }) => summary);
  expect(titles.filter((title) => title === 'All')).toHaveLength(4);
  expect(titles.filter((title) => title === 'One')).toHaveLength(1);
});

test('one occurrence is cancelled, or the series', async ({ open, emulator }) => {
  const page = await open(WEEK);
  const standups = page.locator('.event').filter({ hasText: 'Stand-up' });
  const cancel = async (scope: string): Promise<void> => {
    await standups.first().click();
    await page.getByRole('button', { name: 'Cancel event' }).click();
    await page.getByRole('button', { name: scope }).click();
  };
  await cancel('This event');
  await waitFor(() => standups.count(), 4);
  await cancel('All events');
  await waitFor(() => standups.count(), 0);
  expect((await eventOf(emulator, 'standup')).status).toBe('cancelled');
});
