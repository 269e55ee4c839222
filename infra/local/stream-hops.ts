import * as z from 'zod';
import type { Cloud } from './cloud.ts';
import { hopOfJournal, hopOfLog, hopsOfFeed, hopsOfMirror, type Arrival, type Hop } from './hops.ts';
import { listenToMirror } from './mirror.ts';
import { collectionKey } from '../../functions/watches/watch-id.ts';
import { WatchSpec } from './watches.ts';

/** Messages of a watch that arrive within this time, in ms, are reported together. */
const GATHER_MS = 100;

const WatchDocument = z.looseObject({ spec: WatchSpec });

/** Calls `listener` for each hop of each change from now on. Returns a function that unsubscribes. */
export function streamHops(cloud: Cloud, listener: (hop: Hop) => void): () => void {
  const watches = new Map<string, string>();
  const notifiedAt = new Map<string, number>();
  const since = (watch: string): number | undefined => {
    const at = notifiedAt.get(watch);
    return at === undefined ? undefined : Date.now() - at;
  };
  const emit = (hop: Hop | undefined): void => {
    if (hop !== undefined) listener(hop);
  };
  // Reported as a hop: otherwise the output would just stop.
  const onError = (error: Error): void =>
    emit({ at: Date.now(), hop: 'mirror', of: '', text: `listener failed: ${error.message}` });

  const gathered = new Map<string, Arrival[]>();
  const emitGathered = (watch: string): void => {
    const arrivals = gathered.get(watch) ?? [];
    gathered.delete(watch);
    hopsOfFeed(watch, arrivals).forEach(emit);
  };

  const ends = [
    cloud.calendar.journal.subscribe((entry) => emit(hopOfJournal(entry))),
    cloud.onLog((entry) => {
      const { watch, ms } = entry.fields;
      if (entry.message === 'notification published' && typeof watch === 'string') {
        notifiedAt.set(watch, Date.now() - (typeof ms === 'number' ? ms : 0));
      }
      emit(hopOfLog(entry));
    }),
    cloud.firestore.collection('watches').onSnapshot((snapshot) => {
      for (const document of snapshot.docs) {
        const parsed = WatchDocument.safeParse(document.data());
        if (parsed.success) watches.set(collectionKey(parsed.data.spec), document.id);
      }
    }, onError),
    listenToMirror(
      cloud.firestore,
      (_resource, changes) => {
        for (const [key, ofWatch] of Map.groupBy(changes, ({ item }) => collectionKey(item))) {
          const watch = watches.get(key) ?? '';
          hopsOfMirror(watch, ofWatch, since(watch)).forEach(emit);
        }
      },
      onError,
    ),
    cloud.feed.onMessage((message) => {
      const arrival = { message, at: Date.now(), ms: since(message.watchId) };
      const waiting = gathered.get(message.watchId);
      if (waiting !== undefined) {
        waiting.push(arrival);
        return;
      }
      gathered.set(message.watchId, [arrival]);
      setTimeout(() => emitGathered(message.watchId), GATHER_MS);
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}
