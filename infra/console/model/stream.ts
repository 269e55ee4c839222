/** The messages of `GET /api/stream` (server-sent events), and what the page learns when it starts. */
import type { Hop, TimelineEntry } from './timeline.ts';
import type { Health, WatchView } from './watch-view.ts';

/** What the console is connected to. */
export interface About {
  /** `local`: the cloud of `calendar-mirror dev`, with Google played by the emulator; `deployed`: a project. */
  readonly mode: 'local' | 'deployed';
  readonly project: string;
  /** Whether actions are allowed. */
  readonly writable: boolean;
  /** Whether titles and addresses are hidden until a click. */
  readonly masked: boolean;
  readonly version: string;
}

/** An event that happened, with a position from which a page resumes. */
export type StreamMessage =
  | { readonly type: 'change'; readonly entry: TimelineEntry }
  /** Hops that became known after the change. */
  | { readonly type: 'hops'; readonly id: string; readonly hops: readonly Hop[] }
  | { readonly type: 'watches'; readonly changed: readonly WatchView[]; readonly gone: readonly string[] }
  | { readonly type: 'health'; readonly health: Health }
  /** Changes of each watch in the last day, when some have become older. The page adds those that follow. */
  | { readonly type: 'counts'; readonly counts: Readonly<Record<string, number>> };

/** The state from which a page starts: at once, and again if it was away for longer than the server remembers. */
export interface Snapshot {
  readonly type: 'snapshot';
  readonly about: About;
  readonly health: Health;
  readonly watches: readonly WatchView[];
  /** The latest changes, oldest first. */
  readonly entries: readonly TimelineEntry[];
  /** Changes of each watch in the last 24 hours, counted since the console was started. */
  readonly counts: Readonly<Record<string, number>>;
}
