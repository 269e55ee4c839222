import { fullName, isName, nameRule } from '../../../functions/feed/names.ts';
import { Failure, UsageError } from '../failure.ts';
import type { Session } from '../session.ts';

/** Checks a short or full topic name. @throws {UsageError} if it is invalid */
export function topicName(given: string): string {
  if (isName('topics', given)) return given;
  throw new UsageError(
    `${JSON.stringify(given)} is not a valid topic name (${nameRule('topics')})`,
    'see calendar-mirror replay --help',
  );
}

/** Checks that a replay may go to a topic. @throws {Failure} if it does not exist, {UsageError} if it has other consumers */
export async function checkTopic({ config, pubsub }: Session, topic: string, force: boolean): Promise<void> {
  const named = (name: string): string => fullName('topics', config.GOOGLE_CLOUD_PROJECT, name);
  const name = named(topic);
  if (name === named(config.NOTIFICATIONS_TOPIC)) {
    throw new UsageError(
      `${topic} is for notifications, not for changes`,
      'give a topic of the new consumer',
    );
  }
  if (name === named(config.DEAD_LETTERS_TOPIC)) {
    throw new UsageError(`${topic} is for dead letters, not for changes`, 'give a topic of the new consumer');
  }
  if (name === named(config.CHANGES_TOPIC) && !force) {
    throw new UsageError(
      `${topic} carries the live changes: all their consumers would receive the replay`,
      'give a topic of the new consumer, or add --force',
    );
  }
  const [exists] = await pubsub.topic(name).exists();
  if (!exists)
    throw new Failure(`the topic ${topic} does not exist`, `run gcloud pubsub topics create ${name}`);
}
