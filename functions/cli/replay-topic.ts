import { Failure, WrongUse } from './failure.ts';
import type { Session } from './session.ts';

/** Where a replay goes to. */

const TOPIC = /^(?:projects\/([^/]+)\/topics\/)?((?!goog)[A-Za-z][\w.~+%-]{2,254})$/;

/** A topic's name. @throws {WrongUse} for what is no topic's name */
export function topicName(given: string): string {
  if (TOPIC.test(given)) return given;
  throw new WrongUse(
    `${JSON.stringify(given)} is no topic's name (3 to 255 characters, a letter first)`,
    'see calendar-mirror replay --help',
  );
}

/** @throws {Failure} for a topic that is not there, {WrongUse} for one that has other readers than a new consumer */
export async function checkTopic({ config, pubsub }: Session, topic: string, force: boolean): Promise<void> {
  const { name } = pubsub.topic(topic);
  if (name === pubsub.topic(config.NOTIFICATIONS_TOPIC).name) {
    throw new WrongUse(`${topic} is for notifications, not for changes`, 'name a topic of the new consumer');
  }
  if (name === pubsub.topic(config.CHANGES_TOPIC).name && !force) {
    throw new WrongUse(
      `${topic} has the live changes, and every consumer of them would get these too`,
      'name a topic of the new consumer, or give --force',
    );
  }
  const [exists] = await pubsub.topic(topic).exists();
  if (!exists) throw new Failure(`there is no topic ${topic}`, `run gcloud pubsub topics create ${topic}`);
}
