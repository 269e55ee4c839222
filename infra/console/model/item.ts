/** An item: its document now, and its changes as far as the console remembers. Shared by the server and the page. */
import type { TimelineEntry } from './timeline.ts';

export interface ItemDocument {
  readonly path: string;
  /** The item as Google returned it. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly etag: string | null;
  /** Of its last change. */
  readonly sequence: number;
  /** Unix ms; null in a document of an earlier version. */
  readonly mirroredAt: number | null;
  /** Fields that were too large to mirror. */
  readonly omitted: readonly string[];
  /** The derived fields by name; times as RFC 3339. */
  readonly fields: Readonly<Record<string, string | null>>;
}

export interface ItemChange {
  readonly entry: TimelineEntry;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

export interface ItemAnswer {
  readonly itemId: string;
  /** Null if the item is not, or no longer, mirrored. */
  readonly document: ItemDocument | null;
  /** The latest first. */
  readonly changes: readonly ItemChange[];
}
