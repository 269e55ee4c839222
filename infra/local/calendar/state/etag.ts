import { createHash } from 'node:crypto';

/** The etag of anything that changes exactly when its content does: quoted, as everywhere in the API. */
export const contentTag = (content: unknown): string =>
  `"${createHash('sha1').update(JSON.stringify(content)).digest('base64url')}"`;

/** An event's etag: from its time of modification, as Google's are, so that reminders do not move it. */
export const eventTag = (updated: number): string => `"${updated * 2000}"`;
