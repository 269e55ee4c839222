import { cloudEvent, type CloudEvent } from '@google-cloud/functions-framework';
import { Firestore } from '@google-cloud/firestore';
import { parseChange } from 'calendar-mirror/feed';

import { createTaker } from './take.ts';

/** A function that a push subscription to `calendar-changes` calls: an answer of success ends a message, an error brings it again. */

interface Push {
  readonly message: { readonly data?: string };
}

const take = createTaker(new Firestore());

cloudEvent('react', async ({ id, data }: CloudEvent<Push>) => {
  const parsed = parseChange(Buffer.from(data?.message.data ?? '', 'base64'));
  // It will be no change next time either: the subscription's dead-letter policy takes it out of the way.
  if (!parsed.ok) throw new Error(`message ${id}: ${parsed.problem}`);
  await take(parsed.change);
});
