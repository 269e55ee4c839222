/** Follows a mirror from outside: its watches by a Firestore listener, its changes by a temporary subscription. */
import { parseMessage } from '../../../functions/feed/consumer.ts';
import type { Change } from '../../../functions/feed/change.ts';
import { readResult } from '../../../functions/watches/watch.ts';
import { subscribeForNow } from '../../cli/subscription.ts';
import type { Session } from '../../cli/session.ts';
import type { ConsoleState } from './state.ts';
import { viewOf } from './view.ts';

/** How often health is judged without any change, in ms. */
const TICK_MS = 5_000;

type OnError = (error: Error) => void;

/** Follows the watches. Firestore ends the listener after an error. Returns a function that ends it. */
export function followWatches({ firestore }: Session, state: ConsoleState, onError: OnError): () => void {
  const end = firestore.collection('watches').onSnapshot((snapshot) => {
    const changes = snapshot.docChanges();
    const changed = changes.flatMap(({ type, doc }) => {
      const result = type === 'removed' ? undefined : readResult(doc);
      return result === undefined ? [] : [viewOf(result)];
    });
    const gone = changes.flatMap(({ type, doc }) => (type === 'removed' ? [doc.id] : []));
    if (changes.length > 0) state.watches(changed, gone);
  }, onError);
  const tick = setInterval(() => state.tick(), TICK_MS);
  return () => {
    clearInterval(tick);
    end();
  };
}

/** Follows the feed from now on. Resolves to a function that ends it and deletes the subscription. */
export async function followFeed(
  session: Session,
  onChange: (change: Change) => void,
  onError: OnError,
): Promise<() => Promise<void>> {
  const name = `calendar-mirror-console-${session.newId()}`;
  const { end } = await subscribeForNow(session.pubsub, session.config.CHANGES_TOPIC, name, '', {
    onMessage: (message) => {
      const parsed = parseMessage(message);
      if (parsed.ok && parsed.about === 'item') onChange(parsed.change);
    },
    onError,
  });
  return end;
}
