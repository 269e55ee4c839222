import * as z from 'zod';

import { requestMessage } from '../../../functions/feed/notification.ts';
import { Failure } from '../failure.ts';
import { watchId, waiting } from '../options.ts';
import type { Open } from '../session.ts';
import { printResult, logProgress } from '../../terminal/output.ts';
import { judgeSync } from '../verdict.ts';
import { mustFind, waitFor } from '../wait.ts';
import { watchJson, watchTable } from '../format/watch.ts';
import { waitOptions, type CommandSpec } from '../declare.ts';

/** `calendar-mirror sync`: requests a sync of a watch, and waits until it is done. */
export const syncCommand: CommandSpec = {
  name: 'sync <watch>',
  about: 'Sync a watch now and wait until it is done.',
  examples: ['sync ada-events-ada-1f2e3d4c5b6a7988', 'sync ada-events-ada-1f2e3d4c5b6a7988 --full'],
  declare: (command) =>
    waitOptions(
      command.option('--full', 'list and compare all items, not only those that changed since the last sync'),
    ),
  run,
};

const Options = z.object({ ...waiting, full: z.boolean().default(false) });

async function run(open: Open, [given]: readonly string[], options: unknown): Promise<void> {
  const id = watchId(given);
  const { full, wait, timeout } = Options.parse(options);
  const session = await open();
  const { watch } = await mustFind(session, id);
  if (!watch.spec.ok) {
    throw new Failure(`${id} has an invalid spec (${watch.spec.problem})`, 'fix its spec');
  }
  if (watch.spec.value.removed !== undefined) {
    throw new Failure(`${id} is removed`, 'run calendar-mirror watch to create it again');
  }
  const time = new Date(session.now()).toISOString();
  const request = { reason: 'manual', watchId: id, full } as const;
  await session.publishNotification(requestMessage(request, session.newId(), time));
  if (!wait) {
    logProgress('Requested; sync starts within seconds.');
    return;
  }
  const listed = await waitFor(session, id, timeout, (each) => judgeSync(each, watch.readTime, full));
  if (session.json) session.printJson(watchJson(listed, session.now()));
  else printResult(watchTable([listed], session.now()));
}
