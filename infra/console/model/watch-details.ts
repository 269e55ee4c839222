/** What the page of a watch shows besides its line in the list. Shared by the server and the page. Times are Unix ms. */

export interface ChannelView {
  readonly id: string;
  /** `creating`: the call may be in flight; `live`: serves the watch; `unwanted`: to be stopped. */
  readonly state: 'creating' | 'live' | 'unwanted';
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** A sync that ended, as its log line tells. */
export interface SyncView {
  readonly at: number;
  readonly kind: string;
  readonly reason: string;
  readonly pages: number;
  readonly changes: number;
  readonly ms: number;
}

export interface WatchDetails {
  /** As a person wrote it. */
  readonly spec: unknown;
  /** The path of its items in Firestore. */
  readonly collection: string | null;
  readonly items: number;
  /** The number of watches that it follows. */
  readonly follows: number;
  readonly channels: readonly ChannelView[];
  /** The latest first; only in the cloud on this machine, which tells them. */
  readonly syncs: readonly SyncView[];
}

/** A channel on a time axis: positions from 0 to 1. */
export interface Bar {
  readonly channel: ChannelView;
  readonly from: number;
  readonly to: number;
}

/**
 * Puts channels on an axis from the first that was created to the last that ends, with `now` on it. Pure. Channels overlap when one
 * replaces another; a gap between them is a time without notifications.
 */
export function axisOf(
  channels: readonly ChannelView[],
  now: number,
): { readonly from: number; readonly to: number; readonly now: number; readonly bars: readonly Bar[] } {
  const sorted = channels.toSorted((a, b) => a.createdAt - b.createdAt);
  const from = Math.min(now, ...sorted.map(({ createdAt }) => createdAt));
  const to = Math.max(now + 1, ...sorted.map(({ expiresAt }) => expiresAt));
  const place = (at: number): number => (at - from) / (to - from);
  return {
    from,
    to,
    now: place(now),
    bars: sorted.map((channel) => ({
      channel,
      from: place(channel.createdAt),
      to: Math.max(place(channel.expiresAt), place(channel.createdAt)),
    })),
  };
}
