import { createReader, type Held, type Reader } from '../subscription.ts';
import { Failure } from '../failure.ts';
import type { Session } from '../session.ts';

/** Dead letters that are held while something is done with them: those that it does not delete stay. */

export interface HeldLetters {
  /** Those that were named, or all. */
  readonly held: readonly Held[];
  /** How many were read. */
  readonly read: number;
  /** Acknowledges dead letters, which deletes them. */
  readonly forget: (letters: readonly Held[]) => Promise<void>;
}

interface HoldOptions {
  /** Ids of dead letters; none for all. */
  readonly ids: readonly string[];
  /** Short or full name; by default that of the configuration. */
  readonly subscription?: string | undefined;
  /** Maximum number of dead letters to read. */
  readonly limit: number;
}

const NOT_FOUND = 5;

/** Pulls the dead letters and holds them until Pub/Sub's deadline. @throws {Failure} if the subscription does not exist */
async function hold(
  reader: Reader,
  subscription: string,
  limit: number,
  { GOOGLE_CLOUD_PROJECT: project, DEAD_LETTERS_TOPIC: topic }: Session['config'],
): Promise<readonly Held[]> {
  try {
    return await reader.hold(limit);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === NOT_FOUND)) throw cause;
    throw new Failure(
      `the subscription ${subscription} does not exist`,
      `run gcloud pubsub subscriptions create ${subscription} --topic=${topic} --ack-deadline=60 --message-retention-duration=31d --expiration-period=never --project=${project}`,
      { cause },
    );
  }
}

/**
 * Runs `work` with all dead letters, or those of `ids`, and returns its result. Those that it does not forget stay.
 * @throws {Failure} if the subscription does not exist, or has no dead letter with one of the ids
 */
export async function withDeadLetters<T>(
  { config, pubsub }: Session,
  { ids, subscription = config.DEAD_LETTERS_SUBSCRIPTION, limit }: HoldOptions,
  work: (letters: HeldLetters) => Promise<T>,
): Promise<T> {
  const reader = createReader(pubsub, subscription);
  const kept = new Set(await hold(reader, subscription, limit, config));
  const all = [...kept];
  try {
    const missing = ids.filter((id) => !all.some((letter) => letter.id === id));
    if (missing.length > 0) {
      throw new Failure(
        `no dead letter has the id ${missing.join(', ')}`,
        'run calendar-mirror dead-letters list',
      );
    }
    return await work({
      held: ids.length === 0 ? all : all.filter(({ id }) => ids.includes(id)),
      read: all.length,
      forget: async (letters) => {
        await reader.acknowledge(letters);
        for (const letter of letters) kept.delete(letter);
      },
    });
  } finally {
    await reader.release([...kept]);
  }
}
