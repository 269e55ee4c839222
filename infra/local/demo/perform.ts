import { startScheduler } from '../scheduler.ts';
import { printResult, styled, logProgress } from '../../terminal/output.ts';
import { until } from '../until.ts';
import { verify, type Verdict } from '../verify.ts';
import { cancelOccurrence, changeOtherResources, deleteEvents, editEvents, insertEvents } from './edits.ts';
import { initialSync } from './initial-sync.ts';
import { step } from './progress.ts';
import { countCalls, formatReport } from './report.ts';
import type { Stage } from './stage.ts';
import { TIMEOUT_MS } from './stopwatch.ts';
import { burst, expireToken, forgeNotifications, loseNotification, awaitRenewals } from './disruptions.ts';

/** Runs all steps and prints a report. Returns whether the mirror equals the calendar and the feed is complete. */
export async function perform(stage: Stage, startedAt: number): Promise<boolean> {
  const { cloud } = stage;
  const scheduler = startScheduler({
    everySeconds: 1,
    run: () => cloud.renew(),
    onError: (error) => logProgress(`renew failed, will be called again: ${String(error)}`),
  });
  try {
    await step('initial sync', (progress) => initialSync(stage, progress));
    await step('insert', () => insertEvents(stage));
    await step('edit', () => editEvents(stage));
    await step('delete', () => deleteEvents(stage));
    await step('cancel one occurrence of a series', () => cancelOccurrence(stage));
    await step('change everything else', () => changeOtherResources(stage));
    await step('burst', () => burst(stage));
    await step('expired sync token', () => expireToken(stage));
    await step('lost notification', () => loseNotification(stage));
    await step('forged notifications', () => forgeNotifications(stage));
    await step('renewal', () => awaitRenewals(stage));
  } catch (error) {
    logWarnings(stage);
    throw error;
  } finally {
    await scheduler.stop();
  }
  const calls = countCalls(stage);
  const verdict = await finalVerdict(stage);
  printResult(`\n${formatReport(stage, verdict.watches, calls)}\n`);
  return printVerdict(stage, verdict, startedAt);
}

/** Waits a while for changes that are still in flight, and returns the last verdict. */
async function finalVerdict({ cloud }: Stage): Promise<Verdict> {
  await cloud.calendar.settle();
  let verdict = await verify(cloud);
  const isConsistent = async (): Promise<boolean> => {
    verdict = await verify(cloud);
    return verdict.differences.length === 0;
  };
  await until(isConsistent, {
    what: 'mirror and feed match the calendar',
    withinMs: TIMEOUT_MS,
    everyMs: 250,
  }).catch(() => undefined);
  return verdict;
}

function printVerdict({ cloud }: Stage, { watches, differences }: Verdict, startedAt: number): boolean {
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(0);
  const changes = watches.reduce((sum, watch) => sum + watch.changes, 0);
  const items = watches.reduce((sum, watch) => sum + watch.items, 0);
  const repeated = cloud.feed.messages.length - changes;
  for (const difference of differences.slice(0, 20)) printResult(styled('red', `  ${difference}`));
  if (differences.length === 0) {
    const repeats = repeated === 0 ? '' : `, ${repeated} delivered again`;
    printResult(
      `${styled('green', '✓ mirror = calendar')}: ${items} items in ${watches.length} watches, each the same. ` +
        `${styled('green', 'feed = changes')}: ${changes}, without a gap${repeats}. ${seconds} s`,
    );
    return true;
  }
  printResult(
    `${styled('red', `✗ ${differences.length} differences`)} in ${items} items and ${changes} changes. ${seconds} s`,
  );
  return false;
}

/** Prints the last warnings and errors of the functions, which may explain why a step failed. */
function logWarnings({ logs }: Stage): void {
  const warnings = logs.filter(({ severity }) => !['DEBUG', 'INFO', 'DEFAULT'].includes(severity));
  for (const { function: name, severity, message, fields } of warnings.slice(-10)) {
    logProgress(`  ${name} ${severity.toLowerCase()}: ${message} ${JSON.stringify(fields)}`);
  }
}
