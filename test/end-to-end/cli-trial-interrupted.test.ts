/** `calendar-mirror trial` that is interrupted or killed leaves nothing behind in the end. */
import { expect } from 'vitest';
import { scheduledCloudTest } from '../support/cloud-test.ts';
import type { CommandLine } from '../support/command-line.ts';
import { eventually } from '../support/eventually.ts';
import { expectNothingLeft, TRIAL_USER } from '../support/trial.ts';

const test = scheduledCloudTest();

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
