/** Whether Firestore can be read at all: a listener that has nothing new says nothing, also when it is cut off. */
import type { Session } from '../../cli/session.ts';
import { messageOf } from '../../emulator/protocol/message.ts';
import type { ConsoleState } from './state.ts';

/** How often Firestore is asked, and how long an answer may take, in ms. Each time is one read of a document. */
const TIMES = { everyMs: 30_000, patienceMs: 10_000 };

/** Asks Firestore now and then, and says in the health when it does not answer. Returns a function that ends it. */
export function probeFirestore(
  { firestore }: Pick<Session, 'firestore'>,
  state: Pick<ConsoleState, 'source'>,
  { everyMs, patienceMs } = TIMES,
): () => void {
  let hasEnded = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = async (): Promise<void> => {
    const problem = await Promise.race([
      firestore
        .collection('watches')
        .select()
        .limit(1)
        .get()
        .then(() => undefined, messageOf),
      new Promise<string>((resolve) => {
        timer = setTimeout(resolve, patienceMs, `no answer within ${String(patienceMs / 1000)} s`);
      }),
    ]);
    clearTimeout(timer);
    if (hasEnded) return;
    state.source('Firestore', problem);
    timer = setTimeout(() => void ask(), everyMs);
  };
  timer = setTimeout(() => void ask(), everyMs);
  return () => {
    hasEnded = true;
    clearTimeout(timer);
  };
}
