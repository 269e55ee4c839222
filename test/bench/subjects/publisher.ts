import { http } from '@google-cloud/functions-framework';
import { PubSub } from '@google-cloud/pubsub';

/** An empty function that only publishes, with the unmodified Pub/Sub client. */
const topic = new PubSub({ projectId: process.env['GOOGLE_CLOUD_PROJECT'] ?? '' }).topic(
  'calendar-notifications',
);

http('publisher', async (request, response) => {
  await topic.publishMessage({ json: request.headers });
  response.status(204).send();
});
