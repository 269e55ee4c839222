/**
 * CloudEvents 1.0 in the Pub/Sub binding's binary mode: the event's attributes are message attributes with
 * the prefix `ce-`, its data is the message's data. Beside them stand plain attributes to filter on.
 */

export interface OutgoingMessage {
  readonly attributes: Record<string, string>;
  readonly data: Buffer;
  readonly orderingKey: string;
}

interface Envelope {
  readonly id: string;
  readonly type: string;
  readonly watchId: string;
  readonly subject: string;
  /** ISO 8601. */
  readonly time: string;
  readonly orderingKey: string;
  /** What is null has no attribute. */
  readonly attributes: Readonly<Record<string, string | null>>;
  readonly data: unknown;
}

/** "Resource limits" of Pub/Sub: an attribute's value has at most 1,024 bytes. */
const LONGEST_ATTRIBUTE = 1024;

/** Wraps data for a topic. A value that Pub/Sub would refuse is left out: what matters stands in the data too. */
export function envelope(event: Envelope): OutgoingMessage {
  const all: Record<string, string | null> = {
    'ce-specversion': '1.0',
    'ce-id': event.id,
    'ce-type': event.type,
    'ce-source': watchSource(event.watchId),
    'ce-subject': event.subject,
    'ce-time': event.time,
    'content-type': 'application/json',
    ...event.attributes,
  };
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) {
    if (value !== null && Buffer.byteLength(value) <= LONGEST_ATTRIBUTE) {
      attributes[name] = value;
    }
  }
  return { attributes, data: Buffer.from(JSON.stringify(event.data)), orderingKey: event.orderingKey };
}

/** The `ce-source` of everything that concerns a watch. */
const watchSource = (watchId: string): string => `//calendar-mirror/watches/${watchId}`;

/** Thrown when Pub/Sub does not take a message. */
export class NotPublished extends Error {
  override readonly name = 'NotPublished';

  constructor(topic: string, orderingKey: string, cause: unknown) {
    super(`Could not publish to ${topic} (ordering key ${orderingKey})`, { cause });
  }
}
