/** Follows a mirror from outside: its watches by a Firestore listener, its changes by a temporary subscription. */
import type { Firestore, QuerySnapshot } from '@google-cloud/firestore';

import { parseMessage } from '../../../functions/feed/consumer.ts';
import type { Change } from '../../../functions/feed/change.ts';
import { readResult } from '../../../functions/watches/watch.ts';
import { subscribeForNow } from '../../cli/subscription.ts';
import type { Session } from '../../cli/session.ts';
import type { ConsoleState } from './state.ts';
import { viewOf } from './view.ts';

/** How often health is judged without any change, and after how long a lost listener is started again, in ms. */
const TICK_MS = 5_000;
const AGAIN_MS = 10_000;

/** The sources, as the health line names them. */
const WATCHES = 'watches';
const CHANGES = 'changes';

type OnError = (error: Error) => void;
/** Listens to the documents of watches. Returns a function that ends it. */
type Listen = (onSnapshot: (snapshot: QuerySnapshot) => void, onError: OnError) => () => void;

/** Returns what listens to the watches of a project. */
export const watchesIn =
  (firestore: Firestore): Listen =>
  (onSnapshot, onError) =>
    firestore.collection('watches').onSnapshot(onSnapshot, onError);

/**
 * Follows the watches. Firestore ends the listener after an error, such as refused credentials: it is started again until that is
 * over, and the health says so meanwhile. Returns a function that ends it.
 */
export function followWatches(
  listenTo: Listen,
  state: ConsoleState,
  onError: OnError,
  againMs = AGAIN_MS,
): () => void {
  let end: (() => void) | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  const listen = (): void => {
    let isFirst = true;
    end = listenTo(
      (snapshot) => {
        const changes = snapshot.docChanges();
        const changed = changes.flatMap(({ type, doc }) => {
          const result = type === 'removed' ? undefined : readResult(doc);
          return result === undefined ? [] : [viewOf(result)];
        });
        // What was deleted before the listener started is in no change.
        const listed = new Set(isFirst ? snapshot.docs.map(({ id }) => id) : []);
        const gone = isFirst
          ? state.watchViews().flatMap(({ id }) => (listed.has(id) ? [] : [id]))
          : changes.flatMap(({ type, doc }) => (type === 'removed' ? [doc.id] : []));
        if (changed.length > 0 || gone.length > 0) state.watches(changed, gone);
        if (isFirst) state.source(WATCHES);
        isFirst = false;
      },
      (error) => {
        onError(error);
        state.source(WATCHES, error.message);
        again = setTimeout(listen, againMs);
      },
    );
  };
  listen();
  const tick = setInterval(() => state.tick(), TICK_MS);
  return () => {
    clearInterval(tick);
    clearTimeout(again);
    end?.();
  };
}

/** Follows the feed from now on. Resolves to a function that ends it and deletes the subscription. */
export async function followFeed(
  session: Session,
  state: ConsoleState,
  onChange: (change: Change) => void,
  onError: OnError,
): Promise<() => Promise<void>> {
  const name = `calendar-mirror-console-${session.newId()}`;
  const { end } = await subscribeForNow(session.pubsub, session.config.CHANGES_TOPIC, name, '', {
    onMessage: (message) => {
      const parsed = parseMessage(message);
      if (parsed.ok && parsed.about === 'item') onChange(parsed.change);
    },
    onError: (error) => {
      onError(error);
      state.source(CHANGES, error.message);
    },
  });
  return end;
}
