import type { Agent } from 'node:http';

/**
 * Cloud Run freezes an instance between requests. Its peers may close connections meanwhile, and their messages are lost: a kept socket
 * seems open, and the next request on it waits for an answer until it times out.
 * @see https://cloud.google.com/run/docs/about-instance-autoscaling#idle-instances
 */

/** Longer than the pauses of a busy instance, and shorter than any peer keeps an idle connection. */
const SILENCE_MS = 20_000;

/** Returns a function to call before each request. After a silence it closes the idle sockets of the agents. */
export function idleSocketCloser(agents: readonly Agent[], now: () => number = Date.now): () => void {
  let latest = now();
  return () => {
    const silence = now() - latest;
    latest += silence;
    if (silence < SILENCE_MS) return;
    const idle = agents.flatMap(({ freeSockets }) => Object.values(freeSockets));
    for (const socket of idle.flatMap((sockets) => sockets ?? [])) socket.destroy();
  };
}
