/** `calendar-mirror console`: one page that shows, live, what the mirror does. */
import type { Change } from '../../functions/feed/change.ts';
import type { Cloud } from '../local/cloud.ts';
import type { Session } from '../cli/session.ts';
import { logProgress } from '../terminal/output.ts';
import manifest from '../../package.json' with { type: 'json' };
import type { ConsoleContext } from './context.ts';
import type { About } from './model/stream.ts';
import { loadPage } from './page/load.ts';
import type { Routes } from './server/exchange.ts';
import { startConsoleServer, type ConsoleServer } from './server/server.ts';
import { actionRoutes } from './routes/actions.ts';
import { changeRoutes } from './routes/changes.ts';
import { chartRoutes } from './routes/charts.ts';
import { deadLetterRoutes } from './routes/dead-letters.ts';
import { itemRoutes } from './routes/items.ts';
import { playRoutes } from './routes/play.ts';
import { replayRoutes } from './routes/replay.ts';
import { subscriptionRoutes } from './routes/subscriptions.ts';
import { exportRoutes } from './routes/export.ts';
import { watchRoutes } from './routes/watches.ts';
import { weekRoutes } from './routes/week.ts';
import { followFeed, followWatches, watchesIn } from './source/follow.ts';
import { trace } from './source/local.ts';
import { readSeriesOf } from './source/monitoring.ts';
import { probeFirestore } from './source/probe.ts';
import { createState, type ConsoleState } from './source/state.ts';
import { createTrail } from './source/trail.ts';

export interface ConsoleOptions {
  readonly session: Session;
  readonly cloud?: Cloud;
  /** 0 for a free one. */
  readonly port: number;
  /** Whether actions are allowed against a deployed project; they always are on this machine. */
  readonly allowWrites: boolean;
}

/** A running console. */
export interface Console {
  /** The address to open. */
  readonly url: string;
  close(): Promise<void>;
}

/** Returns all routes. Each module has those of one view. */
const routesOf = (context: ConsoleContext): Routes => ({
  ...changeRoutes(context),
  ...exportRoutes(context),
  ...watchRoutes(context),
  ...actionRoutes(context),
  ...deadLetterRoutes(context),
  ...weekRoutes(context),
  ...itemRoutes(context),
  ...playRoutes(context),
  ...subscriptionRoutes(context),
  ...replayRoutes(context),
  ...chartRoutes(context),
});

/**
 * Starts the console.
 * @throws Error if the port is taken, or the project cannot be reached
 */
export async function startConsole({ session, cloud, port, allowWrites }: ConsoleOptions): Promise<Console> {
  const local = cloud !== undefined;
  const about: About = {
    mode: local ? 'local' : 'deployed',
    project: session.config.GOOGLE_CLOUD_PROJECT,
    writable: local || allowWrites,
    masked: !local,
    version: manifest.version,
  };
  let server: ConsoleServer | undefined;
  const state = createState({ about, publish: (message) => server?.publish(message), now: session.now });
  const context = { session, state, about, cloud, readSeries: readSeriesOf(session) };
  server = await startConsoleServer({
    port,
    page: loadPage,
    routes: routesOf(context),
    snapshot: () => state.snapshot(),
  });
  const trail = createTrail();
  const onChange = (change: Change): void => state.change(change, trail.hopsOf(change, session.now()));
  const endWatches = followWatches(watchesIn(session.firestore), state, onError);
  const endProbe = probeFirestore(session, state);
  const endTrace = cloud === undefined ? () => {} : trace(cloud, state, trail, onError);
  const endFeed = await feedOf(session, state, cloud, onChange);
  return {
    url: server.url,
    close: async () => {
      endWatches();
      endProbe();
      endTrace();
      await endFeed();
      await server.close();
    },
  };
}

const onError = (error: Error): void => logProgress(`The console lost a connection: ${error.message}`);

/** Follows the feed. The cloud on this machine has a subscription of its own, which gets every message. */
async function feedOf(
  session: Session,
  state: ConsoleState,
  cloud: Cloud | undefined,
  onChange: (change: Change) => void,
): Promise<() => Promise<void>> {
  if (cloud === undefined) return followFeed(session, state, onChange, onError);
  const end = cloud.feed.onMessage(onChange);
  return () => {
    end();
    return Promise.resolve();
  };
}
