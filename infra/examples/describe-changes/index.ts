/** Says in English what happened to events, and who answered. The filter of the subscription may select some kinds. */
import { PubSub } from '@google-cloud/pubsub';
import { describeChange, parseMessage, sentenceOf } from 'calendar-mirror/feed';

const subscription = new PubSub().subscription('my-meetings');

subscription.on('message', (message) => {
  const parsed = parseMessage(message);
  if (parsed.ok && parsed.about === 'item') {
    console.log(sentenceOf(parsed.change, { timeZone: 'Europe/Berlin' }));
    for (const detail of describeChange(parsed.change)) {
      if (detail.kind === 'responded') console.log('response of', detail.who, detail.from, detail.to);
    }
  }
  message.ack();
});
