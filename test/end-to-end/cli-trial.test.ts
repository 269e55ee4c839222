/** `calendar-mirror trial` on the local cloud: what it shows, and that it leaves nothing behind. */
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import * as z from 'zod';
import { assumptionIds, ASSUMPTIONS, isVisible } from '../../infra/cli/trial/assumptions.ts';
import { scheduledCloudTest } from '../support/cloud-test.ts';
import { results, type CommandLine } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { expectNothingLeft, assumptionsThat, failedSteps, TRIAL_USER } from '../support/trial.ts';

const test = scheduledCloudTest().extend('folder', { scope: 'file' }, async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'trial-'));
  onCleanup(() => rm(folder, { recursive: true }));
  return folder;
});

const Hops = z.object({ notification: z.number(), mirror: z.number(), feed: z.number() });

test('each edit is followed to mirror and feed, all visible assumptions hold, and nothing is left', async ({
  cloud,
  cli,
  folder,
}) => {
  const report = join(folder, 'report.md');
  const outcome = await cli.run('trial', '--json', '--report', report);
  expect({ code: outcome.code, failed: failedSteps(outcome) }).toEqual({ code: 0, failed: [] });
  const steps = results(outcome).filter(({ type }) => type === 'step');
  const timed = steps.filter(({ hops }) => hops !== undefined);
  expect(timed.map(({ title }) => title)).toEqual([
    'insert an event',
    'edit it',
    'edit its reminders',
    'move it to another time',
    'insert a recurring event',
    'move one occurrence',
    'cancel one occurrence',
    'delete an event',
    'twenty edits at once',
    'add an ACL rule',
    'remove the ACL rule',
    'an invalid sync token',
    'delete the recurring event',
  ]);
  for (const { hops } of timed) expect(Hops.safeParse(hops).success).toBe(true);
  expect(assumptionsThat(outcome, 'differs')).toEqual([]);
  expect(assumptionsThat(outcome, 'holds')).toEqual(assumptionIds().filter(isVisible));
  expect(assumptionsThat(outcome, 'unseen')).toEqual(assumptionIds().filter((id) => !isVisible(id)));

  const text = await readFile(report, 'utf8');
  for (const assumed of Object.values(ASSUMPTIONS)) expect(text).toContain(assumed);
  expect(text).toMatch(/\| ✓ \| edit it \| edit → \d+\.\d\d s notification → \d/);
  expect(text).not.toMatch(/@|group\.calendar/);
  expect(text).not.toContain(cloud.projectId);
  await expectNothingLeft(cloud);
});

/** Starts a trial, and waits until it has played some steps. */
async function begun(cli: CommandLine) {
  const running = cli.begin('trial');
  const played = (): boolean => running.stdout.some((line) => line.includes('✓ edit it '));
  await eventually(() => expect(played()).toBe(true));
  return running;
}

test('Ctrl-C ends it in the middle, and everything is removed', async ({ cloud, cli }) => {
  const running = await begun(cli);
  running.child.kill('SIGINT');
  expect(await running.ended).toBe(1);
  expect(running.stderr.at(-1)).toBe('interrupted: run calendar-mirror trial again');
  expect(running.stdout.filter((line) => line.includes('✗'))).toHaveLength(1);
  expect(running.stdout.some((line) => line.includes('✓ remove everything'))).toBe(true);
  await expectNothingLeft(cloud);
});

test('what a crashed trial left behind is found and removed by the next one', async ({ cloud, cli }) => {
  const crashed = await begun(cli);
  // A process that is killed has no exit code.
  const killed = crashed.ended.catch(() => 'killed');
  crashed.child.kill('SIGKILL');
  expect(await killed).toBe('killed');
  expect(await cloud.as(TRIAL_USER).list('users/me/calendarList')).toHaveLength(2);
  const { code, stdout } = await cli.run('trial');
  expect(stdout).toMatch(/✓ remove an earlier trial +calendars: 1, subscriptions: 2/);
  expect(stdout).toMatch(/^ +assumed +seen$/m);
  expect(stdout).toMatch(
    /^✓ +G4 +An invalidated sync token .* 410 fullSyncRequired\. +410 fullSyncRequired$/m,
  );
  expect({ code, failed: stdout.includes('✗') }).toEqual({ code: 0, failed: false });
  await expectNothingLeft(cloud);
});

test('an edit that is not mirrored in time fails it, with the step', async ({ cloud, cli }) => {
  using _ = cloud.losingNotifications(TRIAL_USER);
  const outcome = await cli.run('trial', '--json', '--timeout', '5');
  expect(outcome.code).toBe(1);
  expect(failedSteps(outcome)).toHaveLength(1);
  expect(outcome.stderr).toMatch(/an edit did not arrive within 5 s: in the mirror/);
  await expectNothingLeft(cloud);
});

test('an address that is not one is invalid usage', async ({ cli }) => {
  expect(await cli.run('trial', '--user', 'ada')).toEqual({
    code: 2,
    stdout: '',
    stderr: '--user is not an email address: give an address\n',
  });
});
