/** Records every hop of a change in the cloud on this machine, from Google's answer on. */
import { LRUCache } from 'lru-cache';
import * as z from 'zod';

import type { Cloud } from '../../local/cloud.ts';
import { listenToMirror } from '../../local/mirror.ts';
import type { ConsoleState } from './state.ts';
import { outcomeOf } from './tallies.ts';
import type { Trail } from './trail.ts';

const Published = z.object({ watch: z.string(), channel: z.string(), number: z.number() });
const Synced = z.object({
  watch: z.string(),
  kind: z.string(),
  reason: z.string(),
  pages: z.number(),
  changes: z.number(),
  ms: z.number(),
});
/** Channels whose watch is remembered. */
const CHANNELS = 10_000;
const WRITES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Fills the trail from now on. Returns a function that ends it. */
export function trace(
  cloud: Cloud,
  state: ConsoleState,
  trail: Trail,
  onError: (error: Error) => void,
): () => void {
  const watchOfChannel = new LRUCache<string, string>({ max: CHANNELS });
  const ends = [
    cloud.calendar.journal.subscribe((entry) => {
      const at = Date.now() - entry.ms;
      if (entry.kind === 'request') {
        if (WRITES.has(entry.httpMethod)) trail.requested(entry.id, at);
        // Every call of the functions has it, and no call of a person.
        if (entry.query['quotaUser'] !== undefined) {
          state.tallies.call(at, outcomeOf(entry.status, entry.reason));
        }
        return;
      }
      const watchId = watchOfChannel.get(entry.channelId);
      if (watchId === undefined || entry.fate !== 'delivered') return;
      trail.sent({ watchId, channelId: entry.channelId, number: entry.number }, entry.cause, at);
    }),
    cloud.onLog(({ message, fields }) => {
      if (message === 'synced') {
        const sync = Synced.safeParse(fields);
        if (sync.success) state.synced(sync.data.watch, { at: Date.now(), ...sync.data });
      }
      const parsed = message === 'notification published' ? Published.safeParse(fields) : undefined;
      if (parsed?.success !== true) return;
      const { watch: watchId, channel: channelId, number } = parsed.data;
      // Receive logs before it answers, so the channel's watch is known when Google's side reports the delivery.
      watchOfChannel.set(channelId, watchId);
      trail.published({ watchId, channelId, number }, Date.now());
    }),
    listenToMirror(
      cloud.firestore,
      (_resource, changes) => {
        const at = Date.now();
        for (const { item } of changes) {
          const watchId = state.watchOf(item);
          if (watchId !== undefined) trail.mirrored(watchId, item.sequence, at);
        }
      },
      onError,
    ),
  ];
  return () => {
    for (const end of ends) end();
  };
}
