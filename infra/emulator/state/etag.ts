import { createHash } from 'node:crypto';

/** Returns an etag that changes exactly when the content does, quoted as everywhere in the API. */
export const contentTag = (content: unknown): string =>
  `"${createHash('sha1').update(JSON.stringify(content)).digest('base64url')}"`;

/** Returns the etag of a page, which changes exactly when its content does. */
export function pageTag(envelope: unknown, items: readonly unknown[]): string {
  const hash = createHash('sha1').update(JSON.stringify(envelope));
  // Item by item: a page may be some megabytes.
  for (const item of items) hash.update(JSON.stringify(item));
  return `"${hash.digest('base64url')}"`;
}

/** Returns an event's etag, which depends on its time of modification, as with Google. Reminders do not affect it. */
export const eventTag = (updated: number): string => `"${updated * 2000}"`;
