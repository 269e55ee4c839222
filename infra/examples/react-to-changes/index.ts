import { cloudEvent, type CloudEvent } from '@google-cloud/functions-framework';
import { Firestore } from '@google-cloud/firestore';
import { parseChange } from 'calendar-mirror/feed';

import { createChangeHandler } from './handle-change.ts';

/** A function for a push subscription to `calendar-changes`. Returning acks the message; throwing has it delivered again. */

interface Push {
  readonly message: { readonly data?: string };
}

const handleChange = createChangeHandler(new Firestore());

cloudEvent('react', async ({ id, data }: CloudEvent<Push>) => {
  const parsed = parseChange(Buffer.from(data?.message.data ?? '', 'base64'));
  // Will fail at every delivery, until the dead-letter policy of the subscription removes the message.
  if (!parsed.ok) throw new Error(`message ${id}: ${parsed.problem}`);
  await handleChange(parsed.change);
});
