/** A console without a cloud: the test says what happens. */
import { channel } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import * as z from 'zod';
import { createState } from '../../../infra/console/source/state.ts';
import { loadPage } from '../../../infra/console/page/load.ts';
import { startConsoleServer } from '../../../infra/console/server/server.ts';
import type { WatchDetails } from '../../../infra/console/model/watch-details.ts';
import type { StreamMessage } from '../../../infra/console/model/stream.ts';
import type { Change } from '../../../functions/feed/change.ts';
import { sampleChange } from '../sample-change.ts';

const Started = z.object({ socket: z.custom<Socket>() });

/** Starts a console whose state is empty. A new start on the same port is another console: its token differs. */
export async function startFedConsole({ port = 0, masked = false } = {}) {
  const publish: ((message: StreamMessage) => void)[] = [];
  const about = { mode: 'local', project: 'demo-fed', writable: true, masked, version: '0' } as const;
  const state = createState({
    about,
    publish: (message) => publish.forEach((each) => each(message)),
    now: Date.now,
  });
  const server = await startConsoleServer({
    port,
    page: loadPage,
    routes: {
      'GET /api/changes/*/*': (_request, [watch, sequence]) => state.findChange(`${watch}/${sequence}`),
      'GET /api/watches/*': (_request, [id = '']): WatchDetails => ({
        spec: state.findWatch(id),
        collection: null,
        items: 0,
        follows: 0,
        channels: [],
        syncs: [],
      }),
    },
    snapshot: () => state.snapshot(),
  });
  publish.push((message) => server.publish(message));
  const own = Number(new URL(server.url).port);
  const sockets = new Set<Socket>();
  const started = channel('http.server.request.start');
  const remember = (message: unknown): void => {
    const { socket } = Started.parse(message);
    if (socket.localPort === own) sockets.add(socket);
  };
  started.subscribe(remember);
  return {
    state,
    address: server.url,
    port: own,
    close: async (): Promise<void> => {
      started.unsubscribe(remember);
      await server.close();
    },
    /** Breaks all connections, as a laptop that sleeps does. */
    drop: (): void => {
      for (const socket of sockets) socket.destroy();
    },
    /** Puts a change on the feed. */
    change: (sequence: number, fields: Partial<Change> = {}): void =>
      state.change({ ...sampleChange(null, { summary: `Number ${sequence}` }), sequence, ...fields }, []),
  };
}
