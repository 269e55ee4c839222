/** Calls of the emulator that plays Google in the cloud on this machine. */
import pLimit from 'p-limit';
import * as z from 'zod';

import type { Cloud } from '../../local/cloud.ts';
import { curlOf, headersOf, type PlayCall, type Played } from '../model/play.ts';
import { RouteError } from '../server/exchange.ts';

const Failed = z.object({
  error: z.union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)]),
});
const Did = z.object({ did: z.string() });

/** Calls that are in flight at once. */
const AT_ONCE = 10;

/** Makes a call. @throws {RouteError} with what the emulator says is wrong */
export async function play({ urls }: Cloud, call: PlayCall): Promise<Played> {
  const answer = await fetch(urls.calendar + call.path, {
    method: call.method,
    headers: headersOf(call),
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  });
  const value = await valueOf(answer);
  return {
    did: Did.safeParse(value).data?.did ?? 'done',
    command: curlOf(urls.calendar, call),
    value: value ?? null,
  };
}

/** Makes calls, some at a time. */
export async function playAll(here: Cloud, calls: readonly PlayCall[]): Promise<void> {
  const limit = pLimit(AT_ONCE);
  await Promise.all(calls.map((call) => limit(play, here, call)));
}

/** Reads the API as an account, without a trace in the journal. @throws {RouteError} */
export async function look(
  { urls }: Cloud,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<unknown> {
  const search = new URLSearchParams(query).toString();
  return valueOf(await fetch(`${urls.calendar}/emulator/as${path}?${search}`));
}

async function valueOf(answer: Response): Promise<unknown> {
  const text = await answer.text();
  const value: unknown = text === '' ? undefined : JSON.parse(text);
  if (answer.ok) return value;
  const said = Failed.safeParse(value).data?.error ?? `HTTP ${String(answer.status)}`;
  throw new RouteError(
    answer.status === 404 ? 404 : answer.status === 412 ? 409 : 400,
    `the emulator answers ${String(answer.status)}: ${said}`,
  );
}
