import { overrideEnvironment } from '../cli/config.ts';
import { openSession } from '../cli/session.ts';
import type { Cloud } from '../local/cloud.ts';
import { startConsole, type Console } from './index.ts';

/** Starts the console of a cloud on this machine, with a connection of its own. */
export async function startConsoleOf(cloud: Cloud, port = 0): Promise<Console> {
  overrideEnvironment(cloud.env);
  const session = await openSession({ json: false });
  const running = await startConsole({ session, cloud, port, allowWrites: true });
  return {
    url: running.url,
    close: async () => {
      await running.close();
      await session.close();
    },
  };
}
