/**
 * Conditional requests, see https://developers.google.com/workspace/calendar/api/guides/version-resources. With If-None-Match a
 * client is spared content that it has (304); with If-Match it cannot overwrite a version that it has not seen (412). Inserts
 * have no preconditions.
 */
import { googleError } from '../protocol/google-errors.ts';
import { CalendarError } from '../protocol/http.ts';
import type { Answer, Call } from '../protocol/http.ts';
import type { Router } from './router.ts';

/** Returns the answer, or 304 without a body if the client has this version. For GET only. */
export function unlessUnchanged(answer: Answer, call: Call): Answer {
  const condition = call.headers['if-none-match'];
  const etag = etagOf(answer);
  if (condition === undefined || etag === undefined || !names(condition, etag)) return answer;
  return { status: 304, etag };
}

/**
 * Rejects a change if the client has not seen the current version. The GET route of the same path supplies the current version.
 * @throws CalendarError 412 `conditionNotMet`
 */
export async function requireUnchanged(router: Router, path: string, call: Call): Promise<void> {
  const condition = call.headers['if-match'];
  const present = condition === undefined ? undefined : router('GET', path);
  if (condition === undefined || present === undefined) return;
  const etag = await currentEtag(() => present.route.handle({ ...call, body: undefined }));
  if (etag !== undefined && !names(condition, etag)) throw googleError(412, 'conditionNotMet');
}

/** Returns undefined if there is nothing to read. The change then reports the error. */
async function currentEtag(read: () => Answer | Promise<Answer>): Promise<string | undefined> {
  try {
    return etagOf(await read());
  } catch (error) {
    if (error instanceof CalendarError) return undefined;
    throw error;
  }
}

/** Returns an answer's entity tag: its own, or the one in its body if a header can carry it. */
export function etagOf({ etag, body }: Answer): string | undefined {
  if (etag !== undefined) return etag;
  const ofBody = typeof body === 'object' && body !== null && 'etag' in body ? body.etag : undefined;
  return typeof ofBody === 'string' && /^[\x20-\x7e]+$/.test(ofBody) ? ofBody : undefined;
}

function names(condition: string, etag: string): boolean {
  return condition.split(',').some((part) => {
    const tag = part.trim().replace(/^W\//, '');
    return tag === '*' || tag === etag;
  });
}
