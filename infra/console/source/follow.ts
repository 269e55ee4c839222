/** Follows a mirror from outside: its watches by a Firestore listener, its changes by a temporary subscription. */
import { readResult } from '../../../functions/watches/watch.ts';
import { parseMessage } from '../../../functions/feed/consumer.ts';
import type { Change } from '../../../functions/feed/change.ts';
import type { Hop } from '../model/timeline.ts';
import { subscribeForNow } from '../../cli/subscription.ts';
import type { Session } from '../../cli/session.ts';
import { viewOf } from './view.ts';
import type { ConsoleState } from './state.ts';

/** How often health is judged without any change, in ms. */
const TICK_MS = 5_000;

interface Followed {
  readonly session: Session;
  readonly state: ConsoleState;
  /** Returns the hops of a change that are known when it arrives. */
  readonly hopsOf: (change: Change, arrivedAt: number) => readonly Hop[];
  /** Called with the error of a listener. Firestore ends a listener after an error. */
  readonly onError: (error: Error) => void;
}

/** Feeds the state from now on. Resolves, when everything is connected, to a function that ends it and deletes the subscription. */
export async function follow({ session, state, hopsOf, onError }: Followed): Promise<() => Promise<void>> {
  const { firestore, pubsub, config } = session;
  const endWatches = firestore.collection('watches').onSnapshot((snapshot) => {
    const changes = snapshot.docChanges();
    const changed = changes.flatMap(({ type, doc }) => {
      const result = type === 'removed' ? undefined : readResult(doc);
      return result === undefined ? [] : [viewOf(result)];
    });
    const gone = changes.flatMap(({ type, doc }) => (type === 'removed' ? [doc.id] : []));
    if (changes.length > 0) state.watches(changed, gone);
  }, onError);
  const subscription = await subscribeForNow(
    pubsub,
    config.CHANGES_TOPIC,
    `calendar-mirror-console-${session.newId()}`,
    '',
    {
      onMessage: (message) => {
        const parsed = parseMessage(message);
        if (parsed.ok && parsed.about === 'item') {
          state.change(parsed.change, hopsOf(parsed.change, session.now()));
        }
      },
      onError,
    },
  );
  const tick = setInterval(() => state.tick(), TICK_MS);
  return async () => {
    clearInterval(tick);
    endWatches();
    await subscription.end();
  };
}
