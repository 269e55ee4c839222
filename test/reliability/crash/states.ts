import type { Firestore } from '@google-cloud/firestore';
import type { AboutWatch } from '../../../infra/local/feed.ts';
import { inOrder } from '../../../infra/local/verify-feed.ts';

/** The states of watches, as a listener of their documents sees them: each of them must be announced, whatever dies. */

/** Returns whether `some` are among `all` in the same order. */
function isWithin(some: readonly string[], all: readonly string[]): boolean {
  let next = 0;
  for (const each of all) if (each === some[next]) next += 1;
  return next === some.length;
}

export interface States {
  /** Returns a sentence for each watch of which a state that was seen, or the end of its first sync, is not in the feed. */
  untold(about: readonly AboutWatch[]): readonly string[];
  end(): void;
}

/** Follows the states of all watches. The state of a new or overwritten document is not announced. */
export function followStates(firestore: Firestore): States {
  const seen = new Map<string, string[]>();
  const now = new Map<string, unknown>();
  const synced = new Set<string>();
  const end = firestore.collection('watches').onSnapshot((snapshot) => {
    for (const { doc } of snapshot.docChanges()) {
      const state: unknown = doc.get('status.state');
      const before = now.get(doc.id);
      now.set(doc.id, state);
      if (doc.get('status.sync.completedAt') !== undefined) synced.add(doc.id);
      if (typeof state !== 'string' || state === before) continue;
      if (before === undefined && state === 'pending') continue;
      seen.set(doc.id, [...(seen.get(doc.id) ?? []), state]);
    }
  });
  return {
    untold: (about) => {
      const byWatch = Map.groupBy(about, ({ watchId }) => watchId);
      return [...new Set([...seen.keys(), ...synced])].flatMap((watch) => {
        const messages = inOrder(byWatch.get(watch) ?? []);
        const told = messages.filter(({ items }) => items === undefined).map(({ state }) => state);
        const states = seen.get(watch) ?? [];
        const problems = [];
        if (!isWithin(states, told))
          problems.push(`${watch}: it was ${states.join(', ')}, and announced as ${told.join(', ')}`);
        if (synced.has(watch) && messages.length === told.length)
          problems.push(`${watch}: the end of its first sync is not announced`);
        return problems;
      });
    },
    end,
  };
}
