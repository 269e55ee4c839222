import * as z from 'zod';

import { requestMessage } from '../feed/notification.ts';
import { Failure } from './failure.ts';
import { watchId, waiting } from './options.ts';
import type { Open } from './session.ts';
import { print, tell } from './terminal.ts';
import { judgeSync } from './verdict.ts';
import { mustFind, waitFor } from './wait.ts';
import { watchJson, watchTable } from './watch-view.ts';

/** `calendar-mirror sync`: asks sync to look at a watch, and waits until it has. */

const Options = z.object({ ...waiting, full: z.boolean().default(false) });

export async function run(open: Open, [given]: readonly string[], options: unknown): Promise<void> {
  const id = watchId(given);
  const { full, wait, timeout } = Options.parse(options);
  const session = await open();
  const { watch } = await mustFind(session, id);
  if (!watch.spec.ok) {
    throw new Failure(`${id} cannot be synced (${watch.spec.problem})`, 'mend its spec');
  }
  if (watch.spec.wish.removed !== undefined) {
    throw new Failure(`${id} is not watched any more`, 'run calendar-mirror watch to want it again');
  }
  const time = new Date(session.now()).toISOString();
  const request = { reason: 'manual', watchId: id, full } as const;
  await session.publishNotification(requestMessage(request, session.newId(), time));
  if (!wait) {
    tell('Asked for; sync gets to it within seconds.');
    return;
  }
  const listed = await waitFor(session, id, timeout, (each) => judgeSync(each, watch.readTime, full));
  if (session.json) session.printJson(watchJson(listed, session.now()));
  else print(watchTable([listed], session.now()));
}
