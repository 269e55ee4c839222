/** Takes the screenshots of the emulator's page that its README shows: `npm run screenshots`. Needs Chromium. */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { startCalendarEmulator } from '../../emulator/index.ts';
import { listen } from '../../emulator/wire/wire.ts';
import { launchChromium } from './chromium.ts';
import { ADA, GRACE, LIMIT_BYTES, dayOf, stageSeed } from './stage.ts';
import type { Page } from 'playwright-core';

const folder = fileURLToPath(new URL('../../emulator/page/screenshots/', import.meta.url));

const emulator = await startCalendarEmulator({
  initial: stageSeed(),
  channels: { retryBaseMs: 20, maxAttempts: 4, deliveryDelayMs: [0, 5] },
});

/** A receiver that answers 503 to some notifications, and 200 to the rest. */
let failures = 3;
const receiver = createServer((request, response) => {
  const fails = request.url === '/flaky' && (failures -= 1) >= 0;
  response.writeHead(fails ? 503 : 200).end();
});
const receiverUrl = await listen(receiver, 0);

async function call(user: string, method: string, path: string, body?: object): Promise<void> {
  await fetch(`${emulator.url}/calendar/v3${path}`, {
    method,
    headers: { authorization: `Bearer ${user}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** What an app does all day: it watches, lists, writes, and meets errors. */
async function play(): Promise<void> {
  const events = '/calendars/primary/events';
  for (const [user, path] of [
    [ADA, '/webhook'],
    [GRACE, '/flaky'],
  ] as const)
    await call(user, 'POST', `${events}/watch`, {
      id: `sync-of-${user.split('@')[0]}`,
      type: 'web_hook',
      address: receiverUrl + path,
    });
  await call(ADA, 'GET', `${events}?maxResults=250`);
  await call(ADA, 'POST', events, {
    summary: 'Dentist',
    start: { dateTime: `${dayOf(0)}T16:00:00Z` },
    end: { dateTime: `${dayOf(0)}T17:00:00Z` },
    attendees: [{ email: GRACE }],
  });
  await emulator.settle();
  emulator.faults.add({
    on: 'request',
    match: { method: 'calendar.*.list' },
    times: 1,
    effect: { do: 'fail', status: 410, reason: 'fullSyncRequired' },
  });
  await call(ADA, 'GET', `${events}?maxResults=250`);
  await call(ADA, 'GET', `${events}?maxResults=250`);
  await call(GRACE, 'GET', '/calendars/secret/events');
  emulator.faults.add({ on: 'notification', match: { user: ADA }, times: 3, effect: { do: 'drop' } });
  await call(ADA, 'POST', `${events}/quickAdd?text=Tea tomorrow at 4pm`);
  await emulator.settle();
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.evaluate('document.fonts.ready');
  const image = await page.screenshot({ path: `${folder}${name}.png` });
  if (image.length > LIMIT_BYTES)
    throw new Error(`${name}.png has ${image.length} bytes: make the window smaller`);
  process.stdout.write(`${name}.png\n`);
}

const browser = await launchChromium();
try {
  await play();
  const context = await browser.newContext({ viewport: { width: 1120, height: 700 }, locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(`${emulator.url}/emulator/#/calendar?as=${ADA}`);
  await page.getByText('Dentist').waitFor();
  await page.locator('.now').scrollIntoViewIfNeeded();
  await page.locator('.week').evaluate((week) => week.scrollTo(0, 340));
  await shoot(page, 'week');
  await page.getByText('Review of Bernoulli numbers').click();
  await page.getByRole('dialog').waitFor();
  await shoot(page, 'event');
  for (const [view, text] of [
    ['channels', '503 retrying'],
    ['journal', 'events.quickAdd'],
  ] as const) {
    await page.goto(`${emulator.url}/emulator/#/${view}`);
    await page.getByText(text).first().waitFor();
    await shoot(page, view);
  }
  const dark = await browser.newPage({ viewport: { width: 1120, height: 700 }, colorScheme: 'dark' });
  await dark.goto(`${emulator.url}/emulator/#/faults`);
  await dark.getByText('fullSyncRequired').first().waitFor();
  await dark.getByRole('region', { name: 'Scenarios' }).waitFor();
  await shoot(dark, 'faults');
  const query = new URLSearchParams({
    client_id: 'calendar-app',
    redirect_uri: 'http://localhost:8085/',
    response_type: 'code',
    scope:
      'openid email https://www.googleapis.com/auth/calendar.events https://www.googleapis.com/auth/calendar.readonly',
  });
  await page.goto(`${emulator.url}/o/oauth2/v2/auth?${query.toString()}`);
  await shoot(page, 'consent');
} finally {
  await browser.close();
  await emulator.close();
  receiver.close();
}
