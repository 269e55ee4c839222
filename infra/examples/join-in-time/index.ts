/** Prints how to join each meeting, at the second at which it starts. */
import { Firestore } from '@google-cloud/firestore';
import { PubSub } from '@google-cloud/pubsub';
import { joinLink } from 'calendar-mirror/meetings';

import { createMomentHandler } from './handle-moment.ts';

const handle = createMomentHandler(new Firestore(), {
  act: ({ user, event, late }) =>
    console.log(user, 'joins', joinLink(event)?.url ?? event['summary'], late === true ? 'late' : 'in time'),
});

// The client renews the deadlines of the messages that it holds. All meetings of 9:00 are held at once.
const subscription = new PubSub().subscription('join-in-time', { flowControl: { maxMessages: 10_000 } });

subscription.on('message', (message) => {
  handle(message).then(
    () => message.ack(),
    (error: unknown) => {
      console.error(error);
      message.nack();
    },
  );
});
