/**
 * CloudEvents 1.0 in binary mode of the Pub/Sub binding: event attributes are message attributes with the prefix `ce-`, and plain
 * attributes are added for filters.
 * @see https://github.com/googleapis/google-cloudevents/blob/main/docs/spec/pubsub.md
 */

export interface OutgoingMessage {
  readonly attributes: Record<string, string>;
  readonly data: Buffer;
  readonly orderingKey: string;
}

/** Publishes one message, and resolves with its id once Pub/Sub has it. @throws {PublishError} */
export type Publish = (message: OutgoingMessage) => Promise<string>;

/** What the data of a message is: the name of its schema in `schemas/`. */
export type DataKind = 'change' | 'clock' | 'dead-letter' | 'notification' | 'replay-ended' | 'watch';

/**
 * Returns the URN of the schema of a message's data, which is the `$id` of `schemas/<kind>.<version>.json`. The version is raised by a
 * change that would break a consumer: a field that is removed, renamed or retyped. New fields leave it as it is.
 */
export const dataSchema = (kind: DataKind): string => `urn:calendar-mirror:${kind}:1`;

interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly kind: DataKind;
  /** The watch that the message is about. Its subject and ordering key are the watch's own by default. */
  readonly watchId: string;
  readonly subject?: string;
  /** ISO 8601. */
  readonly time: string;
  readonly orderingKey?: string;
  /** A null value yields no attribute. */
  readonly attributes: Readonly<Record<string, string | null>>;
  readonly data: unknown;
}

/** The most bytes of an attribute's value: https://cloud.google.com/pubsub/quotas#resource_limits */
const LONGEST_ATTRIBUTE = 1024;

/** Wraps data for a topic. Attribute values that Pub/Sub would reject are left out; the data has them too. */
export function envelope(event: Envelope): OutgoingMessage {
  const { watchId, subject = `watches/${watchId}`, orderingKey = watchId } = event;
  const all: Record<string, string | null> = {
    'ce-specversion': '1.0',
    'ce-id': event.id,
    'ce-type': event.type,
    'ce-source': `//calendar-mirror/watches/${watchId}`,
    'ce-subject': subject,
    'ce-time': event.time,
    'ce-dataschema': dataSchema(event.kind),
    'content-type': 'application/json',
    watch: watchId,
    ...event.attributes,
  };
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) {
    if (value !== null && Buffer.byteLength(value) <= LONGEST_ATTRIBUTE) attributes[name] = value;
  }
  return { attributes, data: Buffer.from(JSON.stringify(event.data)), orderingKey };
}

/** Thrown when Pub/Sub rejects a message, or does not answer in time. */
export class PublishError extends Error {
  override readonly name = 'PublishError';

  constructor(topic: string, orderingKey: string, cause: unknown) {
    super(`Could not publish to ${topic} (ordering key ${orderingKey})`, { cause });
  }
}
