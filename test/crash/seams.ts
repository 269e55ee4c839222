/**
 * The seams of a function that is to die: before and after each effect it asks the test whether it may go on. This side of
 * them is built into the functions, in place of their own `create.ts`; the test's side is `control.ts`.
 */

/** The environment variable that says where to ask. */
export const SEAMS_URL = 'CRASH_SEAMS_URL';

/** What the functions do to the world outside; to read is none, as nobody can tell whether it has happened. */
const EFFECTS = new Set([
  'adoptChannel',
  'claim',
  'commit',
  'deleteOutboxEntry',
  'deleteSeen',
  'forgetChannel',
  'intendChannel',
  'noteRefusal',
  'noteStrayChannel',
  'postpone',
  'rescheduleChannel',
  'settle',
  // The Calendar client's. A list has no effect, but takes long enough to die in.
  'list',
  'stop',
  'watch',
]);

type Effect<A extends unknown[], R> = (...args: A) => Promise<R>;

/** Asks, and waits for the answer; who is killed meanwhile never gets one. */
async function ask(name: string, at: string): Promise<void> {
  const answer = await fetch(`${process.env[SEAMS_URL] ?? ''}/${name}/${at}`, { method: 'POST' });
  await answer.arrayBuffer();
}

/** One effect with its two seams. */
export const seam =
  <A extends unknown[], R>(name: string, effect: Effect<A, R>): Effect<A, R> =>
  async (...args) => {
    await ask(name, 'before');
    const result = await effect(...args);
    await ask(name, 'after');
    return result;
  };

/** All effects among the functions of a client, each with its seams. */
export function seams<T extends object>(client: T): T {
  const found = Object.entries(client).map(([name, value]: [string, unknown]) => [
    name,
    EFFECTS.has(name) && typeof value === 'function' ? seam(name, bound(value)) : value,
  ]);
  return { ...client, ...Object.fromEntries(found) };
}

const bound =
  (effect: Function): Effect<unknown[], unknown> =>
  async (...args) =>
    effect(...args);
