import type { Cloud } from '../local/cloud.ts';
import type { Session } from '../cli/session.ts';
import type { About } from './model/stream.ts';
import type { ReadSeries } from './source/monitoring.ts';
import type { ConsoleState } from './source/state.ts';

/** What every route can use. */
export interface ConsoleContext {
  readonly session: Session;
  readonly state: ConsoleState;
  readonly about: About;
  /** Reads Cloud Monitoring, where there is one. */
  readonly readSeries: ReadSeries;
  /** The cloud on this machine, if the console belongs to it: Google is played by its emulator. */
  readonly cloud: Cloud | undefined;
}
