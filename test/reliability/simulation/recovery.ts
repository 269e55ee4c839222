import { KINDS, type Kind } from './causes.ts';
import type { Faults } from './faults.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** How long a watch takes to recover, from the end of the trouble that affected it. In ms. */

/** The longest, by the kind of trouble. */
export type Recoveries = Readonly<Record<Kind, number>>;

/** Measures the recovery of one thing that trouble prevents. */
function createClock(subject: Subject, time: Timeline, faults: Faults) {
  const longest: Record<Kind, number> = { access: 0, passing: 0 };
  let since: number | undefined;
  return {
    /** Called when trouble prevents it. */
    suffers: (): void => void (since ??= time.now()),
    /** Called when it is there again, or is not wanted any more. */
    ends: (counts: boolean): void => {
      const causes = since === undefined ? [] : faults.since(subject, since);
      since = undefined;
      if (causes.length === 0 || !counts) return;
      const now = time.now();
      const kind = KINDS.find((each) => causes.some((cause) => cause.kind === each)) ?? 'passing';
      const over = Math.max(...causes.map(({ to }) => Math.min(to, now)));
      longest[kind] = Math.max(longest[kind], now - over);
    },
    longest: (): Recoveries => ({ ...longest }),
  };
}

export function createRecovery(subject: Subject, time: Timeline, faults: Faults) {
  const clock = () => createClock(subject, time, faults);
  const [synced, channel] = [clock(), clock()];
  return {
    /** Called when sync or renew failed; counts while there is lasting trouble. */
    hindered: (): void => {
      if (faults.since(subject, time.now()).length > 0) synced.suffers();
    },
    synced: (): void => synced.ends(true),
    /** Called when the watch has no live channel; not `known` if its channel died silently. */
    lacksChannel: (known: boolean): void => {
      if (known) channel.suffers();
    },
    hasChannel: (): void => channel.ends(true),
    unwanted: (): void => {
      synced.ends(false);
      channel.ends(false);
    },
    results: (): { readonly synced: Recoveries; readonly channel: Recoveries } => ({
      synced: synced.longest(),
      channel: channel.longest(),
    }),
  };
}
