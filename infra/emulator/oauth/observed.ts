import { setTimeout as wait } from 'node:timers/promises';

import * as z from 'zod';

import type { Faults } from '../faults/faults.ts';
import type { Journal } from '../journal/journal.ts';
import { parseJson } from '../protocol/body.ts';
import { HangUp, type HttpReply, type HttpRequest } from '../protocol/exchange.ts';
import type { Clock } from '../state/clock.ts';
import { OAuthError } from './replies.ts';

/** What happens to every request of sign-in besides its answer: faults that name it, and an entry in the journal. */

export interface Observers {
  readonly faults: Pick<Faults, 'onRequest'>;
  readonly journal: Pick<Journal, 'during' | 'record'>;
}

const Failure = z.object({ error: z.string() });

/**
 * @param method the operation's name for faults and the journal, such as `oauth.token`
 * @throws HangUp to drop the connection without a response
 */
export function observed(
  http: HttpRequest,
  method: string,
  answer: () => Promise<HttpReply>,
  { faults, journal, clock }: Observers & { readonly clock: Clock },
): Promise<HttpReply> {
  return journal.during(async (id) => {
    const started = performance.now();
    let reply: HttpReply | undefined;
    try {
      reply = await withFaults(http, method, answer, faults);
      return reply;
    } finally {
      const reason = reasonOf(reply);
      journal.record({
        kind: 'request',
        id,
        time: clock.now(),
        method,
        httpMethod: http.method,
        path: http.url.pathname,
        // Parameters of sign-in are secrets.
        query: {},
        status: reply?.status ?? 0,
        ...(reason === undefined ? {} : { reason }),
        ms: performance.now() - started,
      });
    }
  });
}

async function withFaults(
  http: HttpRequest,
  method: string,
  answer: () => Promise<HttpReply>,
  faults: Observers['faults'],
): Promise<HttpReply> {
  let isLost = false;
  for (const effect of faults.onRequest({ method, path: http.url.pathname })) {
    if (effect.do === 'fail') return failureOf(effect);
    // oxlint-disable-next-line no-await-in-loop -- delays add up
    if (effect.do === 'delay') await wait(effect.ms, undefined, { ref: false });
    else if (effect.when === 'before') throw new HangUp('a fault drops the connection');
    else isLost = true;
  }
  const reply = await answer();
  if (isLost) throw new HangUp('a fault drops the response');
  return reply;
}

type Fail = Extract<ReturnType<Observers['faults']['onRequest']>[number], { do: 'fail' }>;

function failureOf({
  status,
  reason = 'internal_failure',
  message,
  retryAfterSeconds: after,
}: Fail): HttpReply {
  const headers: Readonly<Record<string, string>> =
    after === undefined ? {} : { 'Retry-After': String(after) };
  return new OAuthError(status, reason, message ?? `Status ${String(status)}`).reply(headers);
}

/** Returns the code of an error in JSON. */
function reasonOf(reply: HttpReply | undefined): string | undefined {
  if (reply === undefined || reply.status < 400 || typeof reply.body !== 'string') return undefined;
  return Failure.safeParse(parseJson(reply.body)).data?.error;
}
