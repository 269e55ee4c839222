/** Actions of the page that change much at once, or that another account or another program sees. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { requestMessage } from '../../../functions/feed/notification.ts';
import { NAMES } from '../../../infra/local/topics.ts';
import { drag } from '../../support/browser/week.ts';
import { linesOf, test as base, waitFor } from '../../support/console/page-test.ts';
import { eventually } from '../../support/eventually.ts';
import { PRIMARY, watchedEvents } from '../../support/watched-events.ts';
import type { Locator, Page } from 'playwright-core';

const WEEK = '2030-06-03';
const at = (hour: number) => ({ dateTime: `2030-06-04T${String(hour)}:00:00Z` });

/** A calendar of its own, with an event that another user is invited to. */
const test = base.extend('invited', async ({ cloud }) => {
  const { user, watch } = await watchedEvents(cloud);
  const guest = cloud.newUser('guest');
  // An account of the emulator begins with its first call.
  await cloud.as(guest).call('GET', PRIMARY);
  const meeting = { summary: 'Meeting', start: at(10), end: at(11), attendees: [{ email: guest }] };
  const { id } = await cloud.as(user).insert(PRIMARY, meeting);
  return { user, guest, watch, path: `${PRIMARY}/${id}`, query: `view=play&watch=${watch}&from=${WEEK}` };
});

const block = (page: Page, title: string): Locator =>
  page.getByRole('grid').last().locator('.event').filter({ hasText: title }).first();
const tool = (page: Page, name: string): Locator =>
  page.getByRole('complementary', { name: 'Tools' }).getByRole('button', { name, exact: true });

test('a guest answers, and the organizer’s mirror has it', async ({ open, cloud, invited }) => {
  const page = await open(invited.query);
  await block(page, 'Meeting').click();
  await page.getByRole('button', { name: `Accept as ${invited.guest}` }).click();
  await linesOf(page, 'accepted').first().waitFor();
  const { body } = await cloud.as(invited.user).call('GET', invited.path);
  expect(body).toMatchObject({ attendees: [{ email: invited.guest, responseStatus: 'accepted' }] });
});

test('an event is made longer by its end', async ({ open, cloud, invited }) => {
  const page = await open(invited.query);
  await block(page, 'Meeting').waitFor();
  const end = page.locator('#play-1-23');
  await drag(page, block(page, 'Meeting').locator('.handle'), end, { from: 0.5, to: 0.9 });
  await waitFor(async () => {
    const { body } = await cloud.as(invited.user).call('GET', invited.path);
    return JSON.stringify(body).includes('2030-06-04T12:00:00Z');
  }, true);
  await linesOf(page, 'Meeting').first().waitFor();
});

test('a burst of new events and of edits arrives whole, and is removed again', async ({ open, invited }) => {
  const page = await open(invited.query);
  await block(page, 'Meeting').waitFor();
  const equal = (count: number): Promise<void> =>
    page
      .getByRole('status')
      .getByText(`equal: ${String(count)} of ${String(count)} events`)
      .waitFor();
  await tool(page, '100 new events').click();
  await equal(101);
  await tool(page, '100 edits of one event').click();
  await equal(101);
  await tool(page, 'Remove the new events').click();
  await page.getByRole('status').getByText('equal: 1 of 1 event').waitFor();
});

test('Google’s clock is moved on', async ({ open, cloud, invited }) => {
  const page = await open(invited.query);
  const before = cloud.calendar.clock.now();
  await tool(page, '+ 1 hour').click();
  await page.getByText(/1 h.* ahead/).waitFor();
  expect(cloud.calendar.clock.now() - before).toBeGreaterThanOrEqual(3_600_000);
});

test('a dead letter is replayed, and then all of them, once their cause is fixed', async ({
  open,
  cloud,
  invited,
}) => {
  const { watch } = invited;
  const document = cloud.firestore.doc(`watches/${watch}`);
  const die = async (): Promise<void> => {
    const before = cloud.feed.deadLetters.length;
    await document.update({ 'status.state': 'confused' });
    const request = { reason: 'manual', watchId: watch, full: true } as const;
    const { attributes, data } = requestMessage(request, randomUUID(), new Date().toISOString());
    await cloud.pubsub.topic(NAMES.notifications).publishMessage({ attributes, data });
    await eventually(() => expect(cloud.feed.deadLetters).toHaveLength(before + 1));
    await document.update({ 'status.state': 'active' });
  };
  const page = await open('view=dead-letters');
  const lines = page.getByRole('list', { name: /Dead letters/ }).locator('.line');
  const refresh = page.getByRole('button', { name: 'Refresh' });
  await die();
  await refresh.click();
  await lines.first().click();
  const letter = page.getByRole('complementary', { name: 'Dead letter' });
  await letter.getByRole('button', { name: 'Replay', exact: true }).click();
  await waitFor(() => lines.count(), 0);
  await die();
  await refresh.click();
  await lines.first().waitFor();
  await page.getByRole('button', { name: 'Replay all' }).click();
  await page.getByText('1 replayed: calendar-mirror dead-letters replay').first().waitFor();
  await waitFor(() => lines.count(), 0);
});

test('a watch is replayed to the topic of a consumer, with its progress', async ({
  open,
  cloud,
  invited,
}) => {
  const topic = `consumer-${randomUUID()}`;
  await cloud.pubsub.createTopic(topic);
  await eventually(async () => expect(await cloud.firestore.collectionGroup('events').get()).toBeDefined());
  const page = await open(`view=watches&watch=${invited.watch}`);
  await page.getByRole('button', { name: 'Replay to a topic …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Replay to a topic' });
  await dialog.getByLabel('Topic of the consumer').fill(topic);
  await dialog.getByText(`calendar-mirror replay ${invited.watch} --topic ${topic}`).waitFor();
  await dialog.getByRole('button', { name: 'Start the replay' }).click();
  await dialog.getByRole('status').getByText(`Published: 2 of 2 items to ${topic}`).waitFor();
});
