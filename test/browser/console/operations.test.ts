/** Dead letters, subscriptions and charts. */
import { expect } from 'vitest';
import { NAMES } from '../../../infra/local/topics.ts';
import { violationsOf } from '../../support/browser/axe.ts';
import { eventually } from '../../support/eventually.ts';
import { test, waitFor } from '../../support/console/page-test.ts';
import { AT, PRIMARY } from '../../support/watched-events.ts';
import type { Pipeline } from '../../support/pipeline.ts';

/** Publishes what is not a notification, and waits until sync has dead-lettered it. */
async function deadLetter(cloud: Pipeline, text: string): Promise<void> {
  const before = cloud.feed.deadLetters.length;
  const topic = cloud.pubsub.topic(NAMES.notifications);
  await topic.publishMessage({ data: Buffer.from(text), attributes: { watch: 'nowhere' } });
  await eventually(() => expect(cloud.feed.deadLetters).toHaveLength(before + 1));
}

test('dead letters are listed with their reasons, shown, and deleted after a question', async ({
  open,
  cloud,
}) => {
  await deadLetter(cloud, '<script>window.hacked = true</script>');
  await deadLetter(cloud, 'not JSON');
  const page = await open('view=dead-letters');
  const lines = page.getByRole('list', { name: /Dead letters/ }).locator('.line');
  await waitFor(() => lines.count(), 2);
  await lines.first().click();
  await page.getByRole('complementary', { name: 'Dead letter' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('complementary').waitFor({ state: 'detached' });
  await lines.first().click();
  const letter = page.getByRole('complementary', { name: 'Dead letter' });
  await letter.getByRole('button', { name: 'Show the body' }).click();
  await letter.getByText(/not JSON|window\.hacked/).waitFor();
  expect(await page.evaluate('typeof window.hacked')).toBe('undefined');
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violationsOf(page)).toEqual([]);
  }
  await page.evaluate(
    'navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed to copy"))',
  );
  await letter.getByRole('button', { name: 'Copy' }).click();
  await page.getByRole('alert').getByText('not allowed to copy').waitFor();
  await letter.getByRole('button', { name: 'Purge', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Leave as it is' }).click();
  await letter.getByRole('button', { name: 'Purge', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await waitFor(() => lines.count(), 1);
  await page.getByRole('button', { name: 'Purge all' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('None. A notification that sync can never process is kept here').waitFor();
});

test('subscriptions of the feed are listed, each with how it receives messages', async ({ open }) => {
  const page = await open('view=subscriptions');
  const cards = page.getByRole('article');
  await cards.first().waitFor();
  await page
    .getByRole('status')
    .getByText(/\d+ subscriptions?, /)
    .waitFor();
  await cards.first().getByText('Backlog').waitFor();
  await page.getByRole('button', { name: 'Refresh' }).click();
  await cards.first().waitFor();
});

test('charts are drawn, and each has its numbers in a table', async ({ open, cloud, watched }) => {
  await cloud.as(watched.user).insert(PRIMARY, { summary: 'Charted', ...AT });
  const page = await open('view=charts');
  await waitFor(async () => (await page.locator('.figures svg').count()) >= 5, true);
  const tables = page.getByText('As a table');
  for (let index = 0; index < (await tables.count()); index += 1) await tables.nth(index).click();
  await waitFor(async () => (await page.locator('.figures table').count()) >= 5, true);
  await page.getByLabel('The last').selectOption('15');
  expect(page.url()).toContain('minutes=15');
});
