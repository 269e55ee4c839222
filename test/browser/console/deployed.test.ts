/** The console of a deployed project: a process of its own, read-only, with titles and addresses hidden. */
import { expect } from 'vitest';
import { commandLine } from '../../support/command-line.ts';
import { addressOf } from '../../support/console/console-client.ts';
import { test as base } from '../../support/console/page-test.ts';
import { AT, PRIMARY } from '../../support/watched-events.ts';

const test = base.extend('deployed', { scope: 'file' }, async ({ cloud, watched }, { onCleanup }) => {
  void watched;
  const command = commandLine(cloud.env).begin('console', '--project', cloud.projectId);
  onCleanup(async () => {
    command.child.kill('SIGINT');
    await command.ended;
  });
  return addressOf(command);
});

test('titles, addresses and calendars are hidden until the button is pressed', async ({
  open,
  cloud,
  watched,
  deployed,
}) => {
  const page = await open(undefined, { address: deployed });
  await cloud.as(watched.user).insert(PRIMARY, { summary: 'Secret plan', location: 'Attic', ...AT });
  const line = page.locator('.lines .line').first();
  await line.click();
  await page.getByRole('rowheader', { name: 'summary' }).waitFor();
  /** What is on the page, and what a screen reader says. */
  const text = async () =>
    (await page.locator('body').innerText()) + (await page.locator('body').ariaSnapshot());
  for (const secret of ['Secret plan', 'Attic', watched.user]) expect(await text()).not.toContain(secret);
  await page.getByRole('button', { name: 'Show titles' }).click();
  await line.getByText('Secret plan').waitFor();
  for (const shown of ['Attic', watched.user]) expect(await text()).toContain(shown);
  await page.getByRole('button', { name: 'Hide titles' }).click();
  expect(await text()).not.toContain('Secret plan');
});

test('watches can be looked at, and nothing can be done to them', async ({ open, watched, deployed }) => {
  const page = await open(`view=watches&watch=${watched.watch}`, { address: deployed });
  await page.getByText('Read-only: start the console with --allow-writes.').waitFor();
  for (const name of ['Sync now', 'Sync in full', 'Renew now', 'Unwatch'])
    expect(await page.getByRole('button', { name }).isDisabled()).toBe(true);
  await page.getByRole('banner').getByText('read-only').waitFor();
  /** What is shown, and what appears under the pointer; links contain ids, as the address does. */
  const readable = async () =>
    [
      await page.locator('main').innerText(),
      ...(await page
        .locator('main [title]')
        .evaluateAll((all: readonly HTMLElement[]) => all.map(({ title }) => title))),
    ].join('\n');
  // The commands that do the same can be copied, although they name the watch.
  await page.getByText('The same by command').click();
  await page.getByText('calendar-mirror sync …', { exact: true }).waitFor();
  for (const hidden of [watched.user, watched.watch]) expect(await readable()).not.toContain(hidden);
  await page.getByRole('button', { name: 'Show titles' }).click();
  await page.getByText(`calendar-mirror sync ${watched.watch} --full`, { exact: true }).waitFor();
});
