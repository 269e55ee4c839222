/** Talks to a console as its page does. */
import * as z from 'zod';
import { until } from '../../../infra/local/until.ts';
import { eventsIn } from '../server-sent-events.ts';
import type { Running } from '../command-line.ts';

const Message = z.looseObject({ type: z.string() });
type Message = z.infer<typeof Message>;

/** Returns the address that a console has printed. */
export const addressOf = ({ stdout }: Pick<Running, 'stdout'>): Promise<string> =>
  until(() => stdout.find((line) => line.startsWith('http://')), {
    what: 'the console prints its address',
    withinMs: 60_000,
  });

/** Opens a console by its printed address, and follows its stream. Dispose it to end that. */
export function openConsole(address: string) {
  const { origin, searchParams } = new URL(address);
  const authorization = `Bearer ${searchParams.get('token') ?? ''}`;
  const messages: Message[] = [];
  const end = new AbortController();
  void follow();

  async function follow(): Promise<void> {
    try {
      const answer = await fetch(`${origin}/api/stream`, { headers: { authorization }, signal: end.signal });
      for await (const { data } of eventsIn(answer)) messages.push(Message.parse(JSON.parse(data)));
    } catch (error) {
      if (!end.signal.aborted) throw error;
    }
  }

  return {
    /** Everything that the stream has said. */
    messages,
    /** Waits for a message of the stream. */
    message: (what: string, isIt: (message: Message) => boolean): Promise<Message> =>
      until(() => messages.find(isIt), { what, withinMs: 60_000 }),
    get: async (path: string) => {
      const answer = await fetch(origin + path, { headers: { authorization } });
      return { status: answer.status, body: (await answer.json()) as unknown };
    },
    post: async (path: string, body: unknown = {}) => {
      const answer = await fetch(origin + path, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: (await answer.json()) as unknown };
    },
    [Symbol.dispose]: () => end.abort(),
  };
}
