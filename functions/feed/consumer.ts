import { changeSchema, type Change } from './change.ts';

/**
 * What a consumer of the feed imports as `calendar-mirror/feed`: the types of both topics' messages, and their parsers. It loads
 * no client of Google's.
 */

export type { Change } from './change.ts';
export { parseNotification, type Notification } from './notification.ts';

export type ParsedChange =
  | { readonly ok: true; readonly change: Change }
  | { readonly ok: false; readonly problem: string };

/** Reads the data of a message of `calendar-changes`, as bytes or as text; `problem` says why it is no change. */
export function parseChange(data: Uint8Array | string): ParsedChange {
  let json: unknown;
  try {
    json = JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data));
  } catch {
    return { ok: false, problem: 'the data is no JSON' };
  }
  const parsed = changeSchema.safeParse(json);
  if (parsed.success) return { ok: true, change: parsed.data };
  const where = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
  return { ok: false, problem: `the data is no change: ${where}` };
}
