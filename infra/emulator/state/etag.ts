import { createHash } from 'node:crypto';

/** Returns an etag that changes exactly when the content does, quoted as everywhere in the API. */
export const contentTag = (content: unknown): string =>
  `"${createHash('sha1').update(JSON.stringify(content)).digest('base64url')}"`;

/** Returns an event's etag, which depends on its time of modification, as with Google. Reminders do not affect it. */
export const eventTag = (updated: number): string => `"${updated * 2000}"`;
