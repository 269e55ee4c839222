/** Charts: what the console counts itself, and what Cloud Monitoring tells of a deployed project. */
import * as z from 'zod';

import type { ConsoleContext } from '../context.ts';
import { channelChart, type ChartList } from '../model/chart.ts';
import type { Routes } from '../server/exchange.ts';
import { callChart, changeChart, latencyChart } from '../source/charts.ts';
import { deployedCharts } from '../source/deployed-charts.ts';
import { createMoments } from '../source/moments.ts';

const Query = z.object({ minutes: z.coerce.number().int().min(5).max(1_440).default(60) });
/** Cloud Monitoring has a point a minute. */
const REFRESH_MS = { local: 2_000, deployed: 60_000 };

/** `GET /api/charts?minutes=60` */
export function chartRoutes({ session, state, cloud, about, readSeries }: ConsoleContext): Routes {
  const moments = createMoments(session);
  return {
    'GET /api/charts': async ({ query }): Promise<ChartList> => {
      const { minutes } = Query.parse(Object.fromEntries(query));
      const now = session.now();
      const { tallies } = state;
      const watches = state.watchViews();
      const changes = changeChart(tallies, now, minutes);
      const [first, last] = await Promise.all([
        cloud === undefined
          ? deployedCharts(readSeries, now, minutes, changes)
          : [latencyChart(tallies, now, minutes), changes, callChart(tallies, now, minutes)],
        moments(watches),
      ]);
      const expiries = watches.flatMap(({ channel }) => channel?.expiresAt ?? []);
      return {
        charts: [...first, channelChart(expiries, now), last],
        refreshMs: REFRESH_MS[about.mode],
      };
    },
  };
}
