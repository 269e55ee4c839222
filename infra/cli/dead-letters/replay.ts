import type { Session } from '../session.ts';
import type { HeldLetters } from './hold.ts';
import { originalOf } from './original.ts';

/** What became of a dead letter. */
export type ReplayResult =
  | { readonly id: string; readonly replayed: true }
  /** It stays. */
  | { readonly id: string; readonly replayed: false; readonly problem: string };

/** Publishes the original notifications of dead letters one by one, and forgets each one that is published. */
export async function* replayLetters(
  { publishNotification }: Pick<Session, 'publishNotification'>,
  { held, forget }: Pick<HeldLetters, 'held' | 'forget'>,
): AsyncGenerator<ReplayResult> {
  for (const letter of held) {
    const { id } = letter;
    const { replay: message, problem, reason } = originalOf(letter);
    if (message === undefined) {
      yield { id, replayed: false, problem: problem ?? reason };
      continue;
    }
    await publishNotification(message);
    // At once: a failure of the next one must not replay this one twice.
    await forget([letter]);
    yield { id, replayed: true };
  }
}
