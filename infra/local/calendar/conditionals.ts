/**
 * Conditional requests, following "Get specific versions of resources": If-None-Match spares the client what it
 * has (304), If-Match keeps it from overwriting what it has not seen (412). Insertions know no conditions.
 */
import { googleError } from './google-errors.ts';
import { CalendarError } from './http.ts';
import type { Answer, Call } from './http.ts';
import type { Router } from './router.ts';

/** The answer itself, or a 304 without a body where the client has that version. For GET only. */
export function unlessUnchanged(answer: Answer, call: Call): Answer {
  const condition = call.headers['if-none-match'];
  const etag = etagOf(answer);
  if (condition === undefined || etag === undefined || !names(condition, etag)) return answer;
  return { status: 304, etag };
}

/**
 * Lets a change of a resource pass only if the client has seen its present version. What is there is asked of
 * the GET route of the same path, before the change is made.
 * @throws CalendarError 412 `conditionNotMet`
 */
export async function requireUnchanged(router: Router, path: string, call: Call): Promise<void> {
  const condition = call.headers['if-match'];
  const present = condition === undefined ? undefined : router('GET', path);
  if (condition === undefined || present === undefined) return;
  const etag = await currentEtag(() => present.route.handle({ ...call, body: undefined }));
  if (etag !== undefined && !names(condition, etag)) throw googleError(412, 'conditionNotMet');
}

/** Undefined where there is nothing to read; then the change itself says what is wrong. */
async function currentEtag(read: () => Answer | Promise<Answer>): Promise<string | undefined> {
  try {
    return etagOf(await read());
  } catch (error) {
    if (error instanceof CalendarError) return undefined;
    throw error;
  }
}

/** An answer's entity tag: its own, or that of the resource in its body. */
export function etagOf({ etag, body }: Answer): string | undefined {
  if (etag !== undefined) return etag;
  const ofBody = typeof body === 'object' && body !== null && 'etag' in body ? body.etag : undefined;
  return typeof ofBody === 'string' ? ofBody : undefined;
}

function names(condition: string, etag: string): boolean {
  return condition.split(',').some((part) => {
    const tag = part.trim().replace(/^W\//, '');
    return tag === '*' || tag === etag;
  });
}
