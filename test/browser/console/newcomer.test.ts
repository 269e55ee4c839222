/** A newcomer's first minute: start the cloud on this machine, open the address that it prints, drag an event, see the line. */
import { until } from '../../../infra/local/until.ts';
import { CHROMIUM } from '../../support/browser/chromium.ts';
import { drag } from '../../support/browser/week.ts';
import { commandLine } from '../../support/command-line.ts';
import { linesOf, test as base } from '../../support/console/page-test.ts';

/** `npm start` runs `calendar-mirror dev`. */
const test = base.extend('printed', async ({ cloud, browser, skip }, { onCleanup }) => {
  skip(browser === undefined, `left out, ${CHROMIUM} not found on this machine`);
  const { FIRESTORE_EMULATOR_HOST = '', PUBSUB_EMULATOR_HOST = '' } = cloud.env;
  const { PATH = '' } = process.env;
  const dev = commandLine({ FIRESTORE_EMULATOR_HOST, PUBSUB_EMULATOR_HOST, PATH }).begin(
    'dev',
    '--no-build',
    '--quiet',
  );
  onCleanup(async () => {
    dev.child.kill('SIGINT');
    await dev.ended;
  });
  return until(() => dev.stdout.find((line) => line.startsWith('Console: '))?.slice('Console: '.length), {
    what: 'the cloud on this machine prints the address of its console',
    withinMs: 120_000,
  });
});

test('a dragged event is seen as a line', async ({ open, printed }) => {
  const page = await open(undefined, { address: printed });
  await page.getByRole('link', { name: 'Play Google' }).click();
  const grid = page.getByRole('grid').last();
  await grid.waitFor();
  // Before the first syncs are done, what is new is part of what there was.
  await page.getByText(/^\d+ watches active, nothing late/).waitFor({ timeout: 60_000 });
  await page
    .getByRole('status')
    .getByText(/^equal: /)
    .waitFor();
  // Between the example's events, whatever day it is today.
  await page.locator('#play-2-4').click();
  const form = page.getByRole('dialog', { name: 'New event' });
  await form.getByLabel('Title').fill('My first event');
  await form.getByRole('button', { name: 'Create' }).click();
  // Below the week are the last few changes, which other first syncs may push away.
  const seen = async (kind: string): Promise<void> => {
    await page.getByRole('link', { name: 'Changes' }).click();
    await page.getByRole('searchbox').fill('My first event');
    await linesOf(page, kind).first().waitFor();
  };
  await seen('created');
  await page.getByRole('link', { name: 'Play Google' }).click();
  const event = grid.locator('.event').filter({ hasText: 'My first event' });
  await drag(page, event, page.locator('#play-4-8'));
  await seen('moved');
  // Before its server ends.
  await page.close();
});
