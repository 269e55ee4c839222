import { Firestore } from '@google-cloud/firestore';
import { http } from '@google-cloud/functions-framework';
import { PubSub } from '@google-cloud/pubsub';
import { google } from 'googleapis';

/** The usual first version of such a webhook: one module with Google's clients that publishes what arrives. */
const projectId = process.env['GOOGLE_CLOUD_PROJECT'] ?? '';
export const firestore = new Firestore({ projectId });
export const calendar = google.calendar({ version: 'v3' });
const topic = new PubSub({ projectId }).topic('calendar-notifications');

http('obvious', async (request, response) => {
  await topic.publishMessage({ json: request.headers });
  response.status(204).send();
});
