/** Every row of the benchmark. */
import { measureAgenda } from './agenda.ts';
import { measureBurst } from './burst.ts';
import { measureClock } from './clock.ts';
import { measureColdStart } from './cold-start.ts';
import { measureConsole } from './console.ts';
import { measureCost } from './cost.ts';
import type { Row } from './figures.ts';
import { measureEmulator } from './emulator/row.ts';
import { measureFlood } from './flood.ts';
import { measureForged } from './forged.ts';
import { measureGrowth } from './growth.ts';
import { measureLag } from './lag.ts';
import { measureMemory } from './memory.ts';
import { measureRenewals } from './renewals.ts';
import { measureReplay } from './replay.ts';
import { measureSharing } from './sharing.ts';
import { measureSyncRate } from './sync-rate.ts';
import { measureThroughput } from './throughput.ts';

export const ROWS: readonly Row[] = [
  {
    name: 'cold-start',
    about: 'process start to first answer, and what is resident then',
    measure: measureColdStart,
  },
  { name: 'throughput', about: 'notifications a second that receive takes', measure: measureThroughput },
  { name: 'lag', about: 'from an edit to the mirror and to the feed', measure: measureLag },
  { name: 'cost', about: 'calls and money for a change, in small and large calendars', measure: measureCost },
  { name: 'forged', about: 'what requests with forged tokens cost', measure: measureForged },
  {
    name: 'sharing',
    about: 'time of an instance that a sync takes, alone and where eight share it',
    measure: measureSharing,
  },
  {
    name: 'burst',
    about: '10,000 notifications over 100 watches in 10 seconds; an edit behind 10,000 of one',
    measure: measureBurst,
  },
  {
    name: 'agenda',
    about: 'documents that "what is on?" reads, with a short and a long past',
    measure: measureAgenda,
  },
  { name: 'renewals', about: '10,000 channels that are all due at once', measure: measureRenewals },
  {
    name: 'clock',
    about: '10,000 events of 1,000 watches that start at the same minute',
    measure: measureClock,
  },
  { name: 'flood', about: '10,000 new watches at once: how often a push is tried', measure: measureFlood },
  { name: 'growth', about: 'what a watch costs as there are more of them', measure: measureGrowth },
  { name: 'sync-rate', about: 'events a second of a first full sync', measure: measureSyncRate },
  { name: 'replay', about: 'watches and items a second that a replay publishes', measure: measureReplay },
  {
    name: 'emulator',
    about: 'the Calendar emulator with 100 to 100,000 events, beside @emulators/google',
    standsAlone: true,
    measure: measureEmulator,
  },
  {
    name: 'console',
    about: 'the console with 5,000 watches and 200 changes a second, in Chromium',
    standsAlone: true,
    measure: measureConsole,
  },
  { name: 'memory', about: 'what sync has resident over a large calendar', measure: measureMemory },
];
