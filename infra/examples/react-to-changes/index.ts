import { cloudEvent, type CloudEvent } from '@google-cloud/functions-framework';
import { Firestore } from '@google-cloud/firestore';
import { parseMessage } from 'calendar-mirror/feed';

import { createChangeHandler } from './handle-change.ts';

/** A function for a push subscription to `calendar-changes`. Returning acks the message; throwing has it delivered again. */

interface Push {
  readonly message: { readonly attributes?: Readonly<Record<string, string>>; readonly data?: string };
}

const handleChange = createChangeHandler(new Firestore());

cloudEvent('react', async ({ id, data }: CloudEvent<Push>) => {
  const { attributes = {}, data: base64 = '' } = data?.message ?? {};
  const parsed = parseMessage({ attributes, data: Buffer.from(base64, 'base64') });
  // Will fail at every delivery, until the dead-letter policy of the subscription removes the message.
  if (!parsed.ok) throw new Error(`message ${id}: ${parsed.problem}`);
  if (parsed.about === 'item') await handleChange(parsed.change);
});
