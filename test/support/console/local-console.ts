/** The console of a cloud on this machine, in this process, as `calendar-mirror dev` opens it. */
import type { Cloud } from '../../../infra/local/cloud.ts';
import { startConsole } from '../../../infra/console/index.ts';
import { openSession } from '../../../infra/cli/session.ts';
import { openConsole } from './console-client.ts';

/** Opens it. Dispose it to close all connections. */
export async function localConsole(cloud: Cloud) {
  const before = process.env['GOOGLE_CLOUD_PROJECT'];
  const session = await openSession({ project: cloud.projectId, json: false });
  // The session has read it. Other clouds are tested in this process, too.
  if (before === undefined) delete process.env['GOOGLE_CLOUD_PROJECT'];
  else process.env['GOOGLE_CLOUD_PROJECT'] = before;
  const running = await startConsole({ session, cloud, port: 0, allowWrites: true });
  const page = openConsole(running.url);
  return {
    ...page,
    url: running.url,
    [Symbol.asyncDispose]: async () => {
      page[Symbol.dispose]();
      await running.close();
      await session.close();
    },
  };
}
