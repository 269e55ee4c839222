import * as z from 'zod';

import type { Watch } from '../../../functions/watches/watch.ts';
import { confirm } from '../confirm.ts';
import { Failure, UsageError } from '../failure.ts';
import { watchId, waiting } from '../options.ts';
import type { Open } from '../session.ts';
import { printResult } from '../../terminal/output.ts';
import { judgeRemoval } from '../verdict.ts';
import { mustFind, waitFor } from '../wait.ts';
import { watchCount, watchJson, watchTable } from '../format/watch.ts';
import { waitOptions, type CommandSpec } from '../declare.ts';

/** `calendar-mirror unwatch`: requests the removal of a watch, and waits for it. */
export const unwatchCommand: CommandSpec = {
  name: 'unwatch <watch>',
  about: 'Stop a watch. Asks first.',
  examples: [
    'unwatch ada-events-ada-1f2e3d4c5b6a7988',
    'unwatch ada-events-ada-1f2e3d4c5b6a7988 --purge --yes',
  ],
  declare: (command) =>
    waitOptions(
      command
        .option('--keep', 'keep the mirrored items (the default)')
        .option('--purge', 'delete the mirrored items and announce each deletion')
        .option('--yes', 'do not ask for confirmation'),
    ),
  run,
};

const Options = z.object({
  ...waiting,
  keep: z.boolean().default(false),
  purge: z.boolean().default(false),
  yes: z.boolean().default(false),
});

/** Says what happens to the watches that a watch follows. */
function formatFollowed({ spec, follow }: Watch, followed: number): string {
  const unlisted = (spec.ok ? spec.value.follow : undefined)?.unlisted ?? follow?.unlisted ?? 'keep';
  const fate = unlisted === 'purge' ? 'deleted and announced as deleted' : 'kept';
  return `The ${watchCount(followed)} that it follows will be stopped too, and their items ${fate}.`;
}

async function run(open: Open, [given]: readonly string[], options: unknown): Promise<void> {
  const id = watchId(given);
  const { keep, purge, yes, wait, timeout } = Options.parse(options);
  if (keep && purge) throw new UsageError('--keep cannot be combined with --purge', 'leave out one of them');
  const how = purge ? 'purge' : 'keep';
  const session = await open();
  const { watch } = await mustFind(session, id);
  const items = watch.collection === undefined ? 0 : await session.admin.countItems(watch.collection);
  const fate = purge ? 'deleted and announced as deleted' : 'kept';
  const followed = await session.admin.countFollowed(id);
  const too = followed > 0 ? ` ${formatFollowed(watch, followed)}` : '';
  await confirm(`Stop the watch ${id}? Its ${String(items)} mirrored items will be ${fate}.${too}`, yes);
  const asked = await session.admin.requestRemoval(id, how);
  if (asked === undefined)
    throw new Failure(`the watch ${id} was deleted meanwhile`, 'run calendar-mirror list');
  const listed = wait
    ? await waitFor(session, id, timeout, (each) => judgeRemoval(each, asked.at, how))
    : await mustFind(session, id);
  if (session.json) session.printJson(watchJson(listed, session.now()));
  else printResult(watchTable([listed], session.now()));
}
