/** A week of a calendar out of the mirror, beside Google's own answer. Shared by the server and the page. */
import { count } from './count.ts';
import type { Difference } from './diff.ts';

/** An event as Google returns it. */
export type Event = Readonly<Record<string, unknown>> & { readonly id: string };

/** An occurrence in the mirror, as the agenda library computes it. */
interface MirroredEvent {
  readonly event: Event;
  /** The id of the item that it comes from: of an occurrence of a series, the series. */
  readonly itemId: string;
}

/** An event that the two sides do not have alike. */
export interface EventDifference {
  readonly id: string;
  readonly kind: 'onlyInGoogle' | 'onlyInMirror' | 'differs';
  /** The leaves that differ; `before` is Google's value, `after` the mirror's. */
  readonly fields: readonly Difference[];
}

/** How the sides compare. */
export interface Comparison {
  /** Events on either side. */
  readonly total: number;
  readonly equal: number;
  readonly differences: readonly EventDifference[];
}

/** Google's answer, or why it cannot be shown. */
export type GoogleSide =
  | { readonly ok: true; readonly events: readonly Event[] }
  | { readonly ok: false; readonly problem: string; readonly fix: string | null };

export interface WeekAnswer {
  readonly watchId: string;
  readonly user: string;
  readonly calendarId: string;
  readonly timeZone: string;
  /** The first day, such as `2030-01-07`. */
  readonly from: string;
  readonly days: number;
  readonly mirror: readonly MirroredEvent[];
  /** Recurring events of which only the first occurrence is known, with the reason. */
  readonly notExpanded: readonly { readonly id: string; readonly reason: string }[];
  readonly google: GoogleSide;
  /** Null without Google's side. */
  readonly comparison: Comparison | null;
}

/** Returns the verdict in words, such as `equal: 12 of 12 events`. Pure. */
export function verdictOf({ total, equal, differences }: Comparison): string {
  if (total === 0) return 'equal: no events on either side';
  if (differences.length === 0) return `equal: ${String(equal)} of ${count(total, 'event')}`;
  const kinds = Map.groupBy(differences, ({ kind }) => kind);
  const parts = [
    [kinds.get('differs'), (n: number) => count(n, 'differs', 'differ')],
    [kinds.get('onlyInGoogle'), (n: number) => `${String(n)} only in Google`],
    [kinds.get('onlyInMirror'), (n: number) => `${String(n)} only in the mirror`],
  ] as const;
  const words = parts.flatMap(([list, say]) => (list === undefined ? [] : [say(list.length)]));
  return `${String(equal)} of ${count(total, 'event')} equal: ${words.join(', ')}`;
}

/** Returns what is different about an event, in words. Pure. */
export function wordsOf({ kind, fields }: EventDifference): string {
  if (kind === 'onlyInGoogle') return 'only in Google: not mirrored';
  if (kind === 'onlyInMirror') return 'only in the mirror: Google does not list it';
  return `differs in ${fields.map(({ path }) => path).join(', ')}`;
}
