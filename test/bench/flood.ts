/**
 * A flood of new watches, computed: Cloud Run rejects the pushes for which no instance is free, and Pub/Sub tries each again later. How
 * often may it have to try? `flood.test.ts` plays a small flood with the functions and Pub/Sub's emulator.
 */
import { PAGES_AT_ONCE as CONCURRENCY } from '../../functions/sync/create.ts';
import { DELIVERY_ATTEMPTS } from '../../infra/cli/doctor/subscriptions.ts';
import { figure, type Result, type Size } from './figures.ts';

export interface Flood {
  readonly watches: number;
  /** Requests that run at once in all instances together. */
  readonly places: number;
  /** How long a first sync takes. */
  readonly syncSeconds: number;
  /** The subscription's backoff, in seconds: it doubles from the first wait to the longest. */
  readonly backoff: { readonly first: number; readonly longest: number };
  /** From 0 up to 1. */
  readonly random: () => number;
}

export interface Drained {
  /** How often each watch's notification was pushed. */
  readonly attempts: readonly number[];
  /** When the last watch was synced, after the flood began. */
  readonly seconds: number;
}

/** The length of a step of the computation, in seconds. */
const STEP = 0.1;

/** Computes how a flood drains. Of the pushes that arrive together, those that come first by chance are accepted. */
export function drain({ watches, places, syncSeconds, backoff, random }: Flood): Drained {
  const attempts = Array.from({ length: watches }, () => 0);
  let waiting = Array.from({ length: watches }, (_, watch) => ({ watch, at: 0 }));
  let running: number[] = [];
  let now = 0;
  for (; waiting.length > 0 || running.length > 0; now += STEP) {
    running = running.filter((end) => end > now);
    const due = waiting
      .filter(({ at }) => at <= now)
      .map(({ watch }) => ({ watch, order: random() }))
      .toSorted((a, b) => a.order - b.order);
    waiting = waiting.filter(({ at }) => at > now);
    for (const { watch } of due) {
      const tries = (attempts[watch] ?? 0) + 1;
      attempts[watch] = tries;
      const wait = Math.min(backoff.longest, backoff.first * 2 ** (tries - 1));
      if (running.length < places) running.push(now + syncSeconds);
      else waiting.push({ watch, at: now + wait * (0.75 + random() / 2) });
    }
  }
  return { attempts, seconds: now };
}

/** As in `infra/terraform/sync.tf`. */
const BACKOFF = { first: 1, longest: 600 } as const;
const INSTANCES = 10;
/** A new watch has some pages: a list call and a commit each. */
const SYNC_SECONDS = 1;

export function measureFlood(size: Size): Promise<Result> {
  const watches = size === 'full' ? 10_000 : 100;
  const { attempts, seconds } = drain({
    watches,
    places: INSTANCES * CONCURRENCY,
    syncSeconds: SYNC_SECONDS,
    backoff: BACKOFF,
    random: Math.random,
  });
  const most = Math.max(...attempts);
  const what = `${watches} new watches at once, ${INSTANCES} instances`;
  return Promise.resolve({
    figures: [
      figure(`${what}: attempts of a push (computed)`, '', attempts),
      figure(`${what}: until all are synced (computed)`, 's', [seconds]),
    ],
    marks: [{ what: `${what}: the most attempts`, value: most, most: DELIVERY_ATTEMPTS / 2 }],
  });
}
