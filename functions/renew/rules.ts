import { reconcileMsOf } from '../watches/full-sync.ts';

/** How often watches are polled and channels replaced. */
export interface Rules {
  /** Lifetime requested for a channel. */
  readonly ttlMs: number;
  /** A channel with less time left is replaced. */
  readonly renewBeforeMs: number;
  /** Poll interval of a watch with a channel. */
  readonly maxStalenessMs: number;
  /** Poll interval of a watch without a channel. */
  readonly pollMs: number;
  /** Time between two full syncs of a watch; Infinity for never. */
  readonly reconcileMs: number;
}

/** The variables that set the rules; see `infra/configuration.md`. */
interface RulesConfig {
  readonly CHANNEL_TTL_SECONDS: number;
  readonly RENEW_BEFORE_SECONDS: number;
  readonly MAX_STALENESS_SECONDS: number;
  readonly POLL_SECONDS: number;
  readonly RECONCILE_SECONDS: number;
}

/** Returns the rules that the configuration sets. */
export const rulesOf = (config: RulesConfig): Rules => ({
  ttlMs: config.CHANNEL_TTL_SECONDS * 1000,
  renewBeforeMs: config.RENEW_BEFORE_SECONDS * 1000,
  maxStalenessMs: config.MAX_STALENESS_SECONDS * 1000,
  pollMs: config.POLL_SECONDS * 1000,
  reconcileMs: reconcileMsOf(config.RECONCILE_SECONDS),
});
