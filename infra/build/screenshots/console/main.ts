/** Takes the screenshots of the console that its README shows: `npm run screenshots`. Needs Chromium, and what a local cloud needs. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startConsoleOf } from '../../../console/of-cloud.ts';
import { buildFunctions } from '../../../local/build.ts';
import { startCloud, type Cloud } from '../../../local/cloud.ts';
import { apiAs, isVersionOf, type Item } from '../../../local/demo/api.ts';
import { RUN_ENV } from '../../../local/run.ts';
import { startScheduler } from '../../../local/scheduler.ts';
import { NAMES } from '../../../local/topics.ts';
import { until } from '../../../local/until.ts';
import { watchesOf } from '../../../local/watches.ts';
import { watchIdOf } from '../../../../functions/watches/watch-id.ts';
import { launchChromium } from '../chromium.ts';
import { ADA, GRACE, LIMIT_BYTES, dayOf, stageSeed } from '../stage.ts';
import type { Page } from 'playwright-core';

const folder = fileURLToPath(new URL('../../../console/page/screenshots/', import.meta.url));
const WATCH = watchIdOf({ user: ADA, resource: 'events', calendarId: ADA });
const EVENTS = `calendars/${encodeURIComponent(ADA)}/events`;

const at = (day: number, from: string, to: string) => ({
  start: { dateTime: `${dayOf(day)}T${from}:00Z` },
  end: { dateTime: `${dayOf(day)}T${to}:00Z` },
});

/** What happens in a calendar on a morning, each edit after the change before it is on the feed. */
async function play(cloud: Cloud): Promise<void> {
  const ada = apiAs(cloud.calendar.url, ADA);
  /** Waits until the mirror has announced a version of an event, or its deletion. */
  const announced = async (event: Item, change?: 'deleted'): Promise<void> => {
    const isIt = isVersionOf(event);
    await until(
      () =>
        cloud.feed.messages.some(
          ({ watchId, itemId, ...message }) =>
            watchId === WATCH &&
            itemId === event.id &&
            (change === undefined ? isIt(message.after ?? undefined) : message.change === change),
        ),
      { what: `the change of ${event.id} is announced`, withinMs: 60_000 },
    );
  };
  const dentist = await ada.insert(EVENTS, { summary: 'Dentist', ...at(0, '16:00', '17:00') });
  await announced(dentist);
  await announced(await ada.patch(`${EVENTS}/${dentist.id}`, at(1, '08:30', '09:30')));
  const talk = await ada.insert(EVENTS, { summary: 'Talk about looms', ...at(3, '10:00', '11:00') });
  await announced(talk);
  const invited = { attendees: [{ email: GRACE }], location: 'Library' };
  await announced(await ada.patch(`${EVENTS}/${talk.id}`, invited));
  await apiAs(cloud.calendar.url, GRACE).patch(`calendars/${encodeURIComponent(GRACE)}/events/${talk.id}`, {
    attendees: [{ email: GRACE, responseStatus: 'accepted' }],
  });
  const tea = await ada.insert(EVENTS, { summary: 'Tea', ...at(2, '15:00', '15:30') });
  await announced(tea);
  await ada.remove(`${EVENTS}/${tea.id}`);
  await announced(tea, 'deleted');
  for (const watch of [WATCH, 'a-watch-of-before'])
    await cloud.pubsub.topic(NAMES.notifications).publishMessage({
      data: Buffer.from('{"reason":'),
      attributes: { watch, reason: 'manual' },
    });
  await until(() => cloud.feed.deadLetters.length >= 2, { what: 'dead letters', withinMs: 60_000 });
  const longer = { summary: 'Talk about looms and engines', ...at(3, '10:30', '12:00') };
  await announced(await ada.patch(`${EVENTS}/${talk.id}`, longer));
}

/** Takes a screenshot as high as the limit of its size allows. */
async function shoot(page: Page, name: string): Promise<void> {
  await page.evaluate('document.fonts.ready');
  for (let height = 660; height > 300; height -= 40) {
    await page.setViewportSize({ width: 1300, height });
    const image = await page.screenshot();
    if (image.length > LIMIT_BYTES) continue;
    await writeFile(`${folder}${name}.png`, image);
    process.stdout.write(`${name}.png\n`);
    return;
  }
  throw new Error(`${name}.png is too large`);
}

async function shootAll(page: Page, address: string): Promise<void> {
  const { origin } = new URL(address);
  const open = async (query: string, text: string): Promise<void> => {
    await page.goto(`${origin}/?${query}`);
    await page.getByText(text).first().waitFor();
  };
  await page.goto(address);
  await page.locator('.line').filter({ hasText: 'engines' }).first().click();
  await page.getByRole('rowheader', { name: 'summary' }).waitFor();
  await shoot(page, 'changes');
  await page.setViewportSize({ width: 1300, height: 760 });
  const talk = page.locator('.line').filter({ hasText: 'Talk about looms' });
  await talk.nth(1).click();
  await talk.nth(3).click({ modifiers: ['Shift'] });
  await page.getByRole('button', { name: /^Copy as test \(/ }).click();
  await page.getByText('Copied a test of').waitFor();
  await shoot(page, 'copy-as-test');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await page.getByRole('link', { name: 'Item history' }).click();
  await page.getByText('mirroredAt').first().waitFor();
  await shoot(page, 'item');
  await open('view=watches', WATCH);
  await shoot(page, 'watches');
  await open(`view=watches&watch=${WATCH}`, 'Last syncs');
  await page
    .getByText(/^live, ends/)
    .first()
    .waitFor();
  await shoot(page, 'watch');
  await open(`view=week&watch=${WATCH}`, 'equal: ');
  await page.getByRole('grid').last().getByText('Dentist').waitFor();
  await shoot(page, 'week');
  await open(`view=play&watch=${WATCH}`, 'equal: ');
  await page.getByRole('grid').getByText('Dentist').waitFor();
  await page.getByRole('button', { name: 'Double' }).click();
  await page.locator('.log li').waitFor();
  await shoot(page, 'play');
  await open('view=dead-letters', '2 dead letters');
  await page.locator('.line').first().click();
  await page.getByRole('complementary').waitFor();
  await shoot(page, 'dead-letters');
  await open('view=subscriptions', 'Backlog');
  await shoot(page, 'subscriptions');
  await page.goto(`${origin}/?view=charts&minutes=15`);
  await page.locator('.figures svg').nth(4).waitFor();
  await shoot(page, 'charts');
}

await buildFunctions();
const cloud = await startCloud({ calendar: { initial: stageSeed() }, env: RUN_ENV });
const specs = (await Promise.all([ADA, GRACE].map((user) => watchesOf(cloud.urls.calendar, user)))).flat();
for (const spec of specs) await cloud.watch(watchIdOf(spec), spec);
const scheduler = startScheduler({ everySeconds: 1, run: () => cloud.renew(), onError: () => undefined });
const running = await startConsoleOf(cloud);
const browser = await launchChromium();
try {
  const isActive = async (): Promise<boolean> => {
    const { docs } = await cloud.firestore.collection('watches').get();
    return (
      docs.length === specs.length &&
      docs.every((watch) => watch.get('status.sync.completedAt') !== undefined)
    );
  };
  await until(isActive, { what: 'all watches are synced', withinMs: 60_000 });
  await play(cloud);
  const context = await browser.newContext({
    viewport: { width: 1300, height: 760 },
    locale: 'en-GB',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await shootAll(await context.newPage(), running.url);
} finally {
  await browser.close();
  await scheduler.stop();
  await running.close();
  await cloud.stop();
}
