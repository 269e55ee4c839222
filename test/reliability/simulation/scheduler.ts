import type { RenewContext } from '../../../functions/renew/context.ts';
import { renew } from '../../../functions/renew/run.ts';
import { isExpected } from './functions.ts';
import type { Instance } from './processes.ts';
import { MINUTE } from './scenario.ts';
import type { Timeline } from './timeline.ts';

/** Cloud Scheduler: calls renew every minute, and never twice at once. */
export function schedule(
  time: Timeline,
  start: () => { readonly instance: Instance; readonly made: RenewContext },
  failed: (why: string) => void,
) {
  let running = false;
  let runs = 0;
  const run = async (): Promise<void> => {
    const { instance, made } = start();
    running = true;
    runs += 1;
    const over = (): void => void (running = false);
    const forget = instance.onDeath(over);
    try {
      await renew(made);
    } catch (error) {
      // Firestore could not return what is due.
      if (!isExpected(error)) failed(`renew failed: ${String(error)}`);
    }
    forget();
    over();
  };
  const tick = (): void =>
    time.resume(MINUTE, () => {
      tick();
      if (!running) void run();
    });
  tick();
  return { runs: (): number => runs };
}
