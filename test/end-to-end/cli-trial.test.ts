/** `calendar-mirror trial` on the local cloud: what it shows, and that it leaves nothing behind. */
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import * as z from 'zod';
import { assumptionIds, ASSUMPTIONS, isVisible } from '../../infra/cli/trial/assumptions.ts';
import { scheduledCloudTest } from '../support/cloud-test.ts';
import { results } from '../support/command-line.ts';
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
