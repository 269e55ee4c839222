/** Replays to a topic. */
import * as z from 'zod';

import type { ConsoleContext } from '../context.ts';
import { replayCommand, type ReplayStatus } from '../model/replay.ts';
import type { Routes } from '../server/exchange.ts';
import { createReplays, replayWork } from '../source/replay.ts';
import { watchNotFound } from './watch.ts';
import { asCommand, requireWritable } from './writable.ts';

const Body = z.object({
  /** Null: all. */
  watch: z.string().nullable(),
  topic: z.string(),
  force: z.boolean().default(false),
});

/** `GET /api/replay`: the latest; `POST /api/replay` (`{ watch, topic, force }`) starts one, `POST /api/replay/cancel` ends it. */
export function replayRoutes({ session, state, about }: ConsoleContext): Routes {
  const replays = createReplays(replayWork(session));
  return {
    'GET /api/replay': (): { readonly replay: ReplayStatus | null } => ({
      replay: replays.status() ?? null,
    }),
    'POST /api/replay': async ({ body }) => {
      requireWritable(about);
      const request = Body.parse(body);
      const { watch } = request;
      if (watch !== null && state.findWatch(watch) === undefined) throw watchNotFound(watch);
      const watches = watch === null ? state.watchViews().map(({ id }) => id) : [watch];
      const replay = await asCommand(() => replays.start(request, watches));
      return { replay, command: replayCommand(request) };
    },
    'POST /api/replay/cancel': () => {
      requireWritable(about);
      replays.cancel();
      return { replay: replays.status() ?? null };
    },
  };
}
