import { request, type OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';

/** The response of a webhook. */
interface WebhookAnswer {
  readonly status: number | undefined;
  readonly allow: string | undefined;
  readonly body: string;
}

/** Returns the headers of every notification, and a token. */
export const notificationHeaders = (channelId: string, token: string): OutgoingHttpHeaders => ({
  'X-Goog-Channel-ID': channelId,
  'X-Goog-Channel-Token': token,
  'X-Goog-Message-Number': '7',
  'X-Goog-Resource-ID': 'resource-1',
  'X-Goog-Resource-State': 'exists',
  'X-Goog-Resource-URI':
    'https://www.googleapis.com/calendar/v3/calendars/team%2F1%40example.com/events?alt=json',
});

/** Sends a request as Google does: without a body, and with exactly these headers. A list is a header that is repeated. */
export async function sendNotification(
  url: string,
  headers: OutgoingHttpHeaders,
  method = 'POST',
): Promise<WebhookAnswer> {
  const sent = request(url, { method, headers: { 'Content-Length': '0', ...headers } });
  const answered = new Promise<WebhookAnswer>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      const { statusCode: status, headers: answer } = response;
      text(response).then((body) => resolve({ status, allow: answer.allow, body }), reject);
    });
  });
  sent.end();
  return answered;
}
