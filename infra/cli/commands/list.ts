import type { Open } from '../session.ts';
import { printResult, logProgress } from '../../terminal/output.ts';
import { formatUndue, watchJson, watchTable } from '../format/watch.ts';
import type { CommandSpec } from '../declare.ts';

/** `calendar-mirror list`: lists all watches. */
export const listCommand: CommandSpec = {
  name: 'list',
  about: 'List all watches.',
  examples: ['list', `list --json | jq -r 'select(.state == "paused") | .id'`],
  run,
};
async function run(open: Open): Promise<void> {
  const session = await open();
  const watches = await session.admin.listWatches();
  const now = session.now();
  if (session.json) for (const listed of watches) session.printJson(watchJson(listed, now));
  else if (watches.length > 0) printResult(watchTable(watches, now));
  const undue = formatUndue(watches);
  if (undue) logProgress(`${undue.problem}: run ${undue.fix}`);
  if (watches.length === 0)
    logProgress('There are no watches. Create one: calendar-mirror watch ada@example.com');
}
