/** Several pages at once, and connections that are lost. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import { startCalendarEmulator } from '../../infra/emulator/server.ts';
import { test, waitFor } from '../support/browser/page-test.ts';
import { ADA, block, call, cell, drag, WEEK } from '../support/browser/week.ts';
import { tcpProxy } from '../support/tcp-proxy.ts';
import type { Page } from 'playwright-core';

/** Returns a port that is free. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const methodsOf = (page: Page): Promise<string[]> =>
  page.locator('.entry:not(.head) .link .method').allTextContents();

test('what is done in one tab is shown in the other', async ({ open, emulator }) => {
  const [one, two] = await Promise.all([open(WEEK), open(WEEK)]);
  await block(two, 'Review').waitFor();
  await drag(one, block(one, 'Review'), cell(one, 2, '12:00'));
  await two.locator('#cell-2-23 .event').filter({ hasText: 'Review' }).waitFor();
  await one.getByRole('link', { name: 'Faults' }).click();
  await two.getByRole('link', { name: 'Faults' }).click();
  await one.getByRole('button', { name: /^List answers 410/ }).click();
  await two.getByText('fail with 410 fullSyncRequired').waitFor();
  await two.getByRole('button', { name: 'Remove all' }).click();
  await one.getByText('None: every request').waitFor();
  await one.getByRole('link', { name: 'Clock', exact: true }).click();
  await two.getByRole('link', { name: 'Clock', exact: true }).click();
  await one.getByRole('button', { name: '+ 1 hour' }).click();
  await two.getByText('1 h ahead of this machine’s.').waitFor();
  await two.getByRole('link', { name: 'Journal' }).click();
  await waitFor(() => methodsOf(two), ['events.patch']);
  await call(emulator, ADA, 'GET', '/colors');
  await waitFor(() => methodsOf(two), ['colors.get', 'events.patch']);
});

test('nothing is missed and nothing shown twice when the connection is lost', async ({ open, emulator }) => {
  const port = await freePort();
  const proxy = tcpProxy(port, new URL(emulator.url).host);
  await proxy.open();
  await using _ = { [Symbol.asyncDispose]: () => proxy.close() };
  const page = await open('/journal', { url: `http://127.0.0.1:${port}`, expected: /ERR_/ });
  await call(emulator, ADA, 'GET', '/colors');
  await waitFor(() => methodsOf(page), ['colors.get']);
  await proxy.close();
  await page.getByText('reconnecting').waitFor();
  await call(emulator, ADA, 'GET', '/users/me/settings');
  await call(emulator, ADA, 'GET', '/users/me/calendarList');
  emulator.faults.add({ on: 'request', times: 1, effect: { do: 'hangUp', when: 'before' } });
  await proxy.open();
  await page.getByRole('banner').getByText('live', { exact: true }).waitFor();
  await waitFor(() => methodsOf(page), ['calendarList.list', 'settings.list', 'colors.get']);
  await page.getByRole('link', { name: 'Faults' }).click();
  await page.getByText('hang up before taking effect').waitFor();
});

test('a page stays when the emulator is started anew, and shows the new one', async ({ open }) => {
  const port = await freePort();
  const start = () => startCalendarEmulator({ port, initial: { users: [{ email: ADA }] } });
  const first = await start();
  const page = await open('/journal', { url: first.url, expected: /ERR_/ });
  await call(first, ADA, 'GET', '/colors');
  await waitFor(() => methodsOf(page), ['colors.get']);
  await first.close();
  await page.getByText('reconnecting').waitFor();
  const second = await start();
  await using _ = { [Symbol.asyncDispose]: () => second.close() };
  await page.getByRole('banner').getByText('live', { exact: true }).waitFor();
  await page.getByText('Nothing yet.').waitFor();
  await call(second, ADA, 'GET', '/users/me/settings');
  await waitFor(() => methodsOf(page), ['settings.list']);
});
