import { startScheduler } from '../scheduler.ts';
import { print, styled, tell } from '../../../functions/cli/terminal.ts';
import { until } from '../until.ts';
import { verify, type Verdict } from '../verify.ts';
import { cancelOccurrence, changeTheRest, deleteEvents, editEvents, insertEvents } from './edits.ts';
import { initialSync } from './initial-sync.ts';
import { step } from './progress.ts';
import { countCalls, formatReport } from './report.ts';
import type { Stage } from './stage.ts';
import { burst, expireToken, forge, loseNotification, renewal } from './trouble.ts';

/** Plays the whole demo and tells what happened. Hands back whether mirror = calendar and feed = changes. */
export async function perform(stage: Stage, startedAt: number): Promise<boolean> {
  const { cloud } = stage;
  const scheduler = startScheduler({
    everySeconds: 1,
    run: () => cloud.renew(),
    onError: (error) => tell(`the scheduler's call failed: ${String(error)}`),
  });
  try {
    await step('initial sync', (progress) => initialSync(stage, progress));
    await step('insert', () => insertEvents(stage));
    await step('edit', () => editEvents(stage));
    await step('delete', () => deleteEvents(stage));
    await step('cancel one occurrence of a series', () => cancelOccurrence(stage));
    await step('change everything else', () => changeTheRest(stage));
    await step('burst', () => burst(stage));
    await step('expired sync token', () => expireToken(stage));
    await step('lost notification', () => loseNotification(stage));
    await step('forged notifications', () => forge(stage));
    await step('renewal', () => renewal(stage));
  } catch (error) {
    tellTrouble(stage);
    throw error;
  } finally {
    await scheduler.stop();
  }
  const calls = countCalls(stage);
  const verdict = await settled(stage);
  print(`\n${formatReport(stage, verdict.watches, calls)}\n`);
  return tellVerdict(stage, verdict, startedAt);
}

/** What is still under way may arrive; what is then not as it should be never will. */
async function settled({ cloud }: Stage): Promise<Verdict> {
  await cloud.calendar.settle();
  let verdict = await verify(cloud);
  const isTrue = async (): Promise<boolean> => {
    verdict = await verify(cloud);
    return verdict.differences.length === 0;
  };
  await until(isTrue, { what: 'mirror and feed are true', withinMs: 10_000, everyMs: 250 }).catch(
    () => undefined,
  );
  return verdict;
}

function tellVerdict({ cloud }: Stage, { watches, differences }: Verdict, startedAt: number): boolean {
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(0);
  const changes = watches.reduce((sum, watch) => sum + watch.changes, 0);
  const items = watches.reduce((sum, watch) => sum + watch.items, 0);
  const again = cloud.feed.messages.length - changes;
  for (const difference of differences.slice(0, 20)) print(styled('red', `  ${difference}`));
  if (differences.length === 0) {
    const repeats = again === 0 ? '' : `, ${again} delivered again`;
    print(
      `${styled('green', '✓ mirror = calendar')}: ${items} items in ${watches.length} watches, each the same. ` +
        `${styled('green', 'feed = changes')}: ${changes}, without a gap${repeats}. ${seconds} s`,
    );
    return true;
  }
  print(
    `${styled('red', `✗ ${differences.length} differences`)} in ${items} items and ${changes} changes. ${seconds} s`,
  );
  return false;
}

/** What the functions complained of: where to look first when the demo breaks off. */
function tellTrouble({ logs }: Stage): void {
  const complaints = logs.filter(({ severity }) => !['DEBUG', 'INFO', 'DEFAULT'].includes(severity));
  for (const { function: name, severity, message, fields } of complaints.slice(-10)) {
    tell(`  ${name} ${severity.toLowerCase()}: ${message} ${JSON.stringify(fields)}`);
  }
}
