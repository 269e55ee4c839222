/** Prints what a subscription to `calendar-changes` delivers: changes of items, and states of watches. */
import { PubSub } from '@google-cloud/pubsub';
import { parseMessage } from 'calendar-mirror/feed';

const subscription = new PubSub().subscription('my-subscription');

subscription.on('message', (message) => {
  const parsed = parseMessage(message);
  if (!parsed.ok) console.error(parsed.problem);
  else if (parsed.about === 'item') console.log(parsed.change.sequence, parsed.change.itemId);
  else if (parsed.about === 'watch') console.log(parsed.watch.watchId, parsed.watch.state);
  message.ack();
});
