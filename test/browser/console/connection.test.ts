/** A connection that is lost, a console that is started again, several tabs. */
import { expect } from 'vitest';
import { startFedConsole } from '../../support/console/fed-console.ts';
import { linesOf, test as base, waitFor } from '../../support/console/page-test.ts';
import type { Page } from 'playwright-core';

const test = base.extend('start', ({}, { onCleanup }) => {
  const ends: (() => Promise<void>)[] = [];
  onCleanup(async () => {
    for (const end of ends) await end();
  });
  return async (port = 0) => {
    const fed = await startFedConsole({ port });
    ends.push(() => fed.close());
    return fed;
  };
});

/** Requests that fail while there is no connection. */
const LOST = /Failed to load resource|ERR_/;

const numbersOf = async (page: Page): Promise<readonly number[]> =>
  (await page.locator('.lines .sentence').allInnerTexts()).map((text) =>
    Number(/Number (\d+)/.exec(text)?.[1]),
  );

test('a lost connection is said, and resumes without a gap and without a repetition', async ({
  open,
  start,
}) => {
  const fed = await start();
  const page = await open(undefined, { address: fed.address, expected: LOST });
  for (const number of [1, 2]) fed.change(number);
  await waitFor(() => numbersOf(page), [2, 1]);
  // The browser keeps connections that are open.
  await page.context().setOffline(true);
  fed.drop();
  await page.getByText('Connection lost').waitFor();
  for (const number of [3, 4, 5]) fed.change(number);
  await page.context().setOffline(false);
  await waitFor(() => numbersOf(page), [5, 4, 3, 2, 1]);
  fed.change(6);
  await waitFor(() => numbersOf(page), [6, 5, 4, 3, 2, 1]);
  await page.locator('.health.good').waitFor();
});

test('a console that was started again says so to the page of its predecessor, and its own page has every change', async ({
  open,
  start,
}) => {
  const first = await start();
  const old = await open(undefined, { address: first.address, expected: LOST });
  for (const number of [1, 2]) first.change(number);
  await waitFor(() => numbersOf(old), [2, 1]);
  await first.close();
  await old.getByText('Connection lost').waitFor();
  const second = await start(first.port);
  for (const number of [1, 2, 3]) second.change(number);
  await old.getByText('The console was started again: open the address that it printed.').waitFor();
  const page = await open(undefined, { address: second.address });
  await waitFor(() => numbersOf(page), [3, 2, 1]);
});

test('two tabs show the same changes, each with filters of its own', async ({ open, start }) => {
  const fed = await start();
  const one = await open(undefined, { address: fed.address });
  const two = await open('q=number+2', { address: fed.address, beside: one });
  for (const number of [1, 2, 3]) fed.change(number);
  await waitFor(() => numbersOf(one), [3, 2, 1]);
  await waitFor(() => numbersOf(two), [2]);
});

test('a burst of 5,000 changes keeps the page in order, with only the rows in its window', async ({
  open,
  start,
}) => {
  const fed = await start();
  const page = await open(undefined, { address: fed.address });
  for (let number = 1; number <= 5_000; number += 1) fed.change(number);
  await linesOf(page, 'Number 5000').waitFor();
  await waitFor(() => page.locator('.virtual-row').first().getAttribute('aria-setsize'), '5000');
  expect(await page.locator('.virtual-row').count()).toBeLessThan(80);
  await page.locator('.lines').press('End');
  await linesOf(page, 'Number 1”').waitFor();
});
