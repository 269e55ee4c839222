/** What a person can do with a watch. Each action is a command of the command line, too. */
import * as z from 'zod';

import { requestMessage } from '../../../functions/feed/notification.ts';
import { isWatchId } from '../../../functions/watches/channel-token.ts';
import type { ConsoleContext } from '../context.ts';
import { watchCommand } from '../model/watch-action.ts';
import type { Handler, Routes } from '../server/exchange.ts';
import { watchNotFound } from './watch.ts';
import { requireWritable } from './writable.ts';

const SyncBody = z.object({ full: z.boolean().default(false) });
const UnwatchBody = z.object({ items: z.enum(['keep', 'purge']) });

/**
 * Returns the routes: `POST /api/watches/<watch>/sync` (`{ full }`), `…/renew` and `…/unwatch` (`{ items: 'keep' | 'purge' }`).
 * Each answers with the command that does the same.
 */
export const actionRoutes = ({ session, state, about }: ConsoleContext): Routes => {
  /** Runs the action on a watch that exists, if actions are allowed. */
  const onWatch =
    (act: (id: string, body: unknown) => Promise<{ readonly command: string }>): Handler =>
    ({ body }, [id = '']) => {
      requireWritable(about);
      if (!isWatchId(id) || state.findWatch(id) === undefined) throw watchNotFound(id);
      return act(id, body ?? {});
    };
  return {
    'POST /api/watches/*/sync': onWatch(async (id, body) => {
      const { full } = SyncBody.parse(body);
      const time = new Date(session.now()).toISOString();
      const request = { reason: 'manual', watchId: id, full } as const;
      await session.publishNotification(requestMessage(request, session.newId(), time));
      return { command: watchCommand(full ? 'syncFull' : 'sync', id) };
    }),
    'POST /api/watches/*/renew': onWatch(async (id) => {
      if ((await session.admin.requestCheck(id)) === undefined) throw watchNotFound(id);
      return { command: watchCommand('renew', id) };
    }),
    'POST /api/watches/*/unwatch': onWatch(async (id, body) => {
      const { items } = UnwatchBody.parse(body);
      if ((await session.admin.requestRemoval(id, items)) === undefined) throw watchNotFound(id);
      return { command: watchCommand(items === 'keep' ? 'unwatchKeep' : 'unwatchPurge', id) };
    }),
  };
};
