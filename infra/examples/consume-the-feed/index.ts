/** Prints every change that a subscription to `calendar-changes` delivers. */
import { PubSub } from '@google-cloud/pubsub';
import { parseChange } from 'calendar-mirror/feed';

const subscription = new PubSub().subscription('my-subscription');

subscription.on('message', (message) => {
  const parsed = parseChange(message.data);
  if (parsed.ok) console.log(parsed.change.sequence, parsed.change.change, parsed.change.itemId);
  else console.error(parsed.problem);
  message.ack();
});
