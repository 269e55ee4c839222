import type { Item } from '../../../../functions/calendar/resources.ts';
import { decodeData } from '../../../../functions/mirror/data.ts';
import { HOUR, MINUTE } from '../scenario.ts';
import type { Stored } from '../documents.ts';
import { momentsOf, type Clock, type Moment } from './times.ts';

/** What the mirror of a collection knew over time, and which moments it implied. Times are Unix ms. */

/**
 * `owed`: the watch is in service, and must announce its moments. `allowed`: it may, as while it comes back into service. `none`: it must not.
 */
export type Service = 'owed' | 'allowed' | 'none';

/** What a watch's document says about its clock. */
export interface ClockState {
  readonly service: Service;
  readonly clock: Clock | undefined;
  /** The calendar's time zone, as the mirror knows it. */
  readonly timeZone: string;
}

/** How long the mirror implied a moment, without interruption. */
export interface Span {
  readonly service: Exclude<Service, 'none'>;
  readonly from: number;
  to: number;
}

/** A moment that the mirror implied at some time. */
export interface Implied extends Moment {
  readonly spans: Span[];
}

const OUT_OF_SERVICE: ClockState = { service: 'none', clock: undefined, timeZone: 'UTC' };

/** How long before and after it is due a moment is of interest. */
const BEFORE = 5 * MINUTE;
const AFTER = HOUR + 10 * MINUTE;
/** How long it may take until an edit of a clock takes effect: until the next run of renew, and a little more. */
const SETTLING = 2 * MINUTE;

/** Returns the id of a moment's message. */
export const momentId = (
  watchId: string,
  { event, startsAt, name }: Omit<Moment, 'dueAt' | 'endsAt'>,
): string => `${watchId}/${event}/${new Date(startsAt).toISOString()}/${name}`;

/** Identifies a moment: the end of an event may change, which changes no id. */
export const momentKey = (id: string, dueAt: number): string => `${id} ${new Date(dueAt).toISOString()}`;

/** Follows one watch. */
export function createKnowledge(watchId: string, start: number) {
  const items = new Map<string, Item>();
  const implied = new Map<string, Implied>();
  let state = OUT_OF_SERVICE;
  /** Since when nothing has changed. */
  let since = start;

  /** Until when an edit of the clock may go unnoticed. */
  let settlesAt = start;

  /** Records what was implied until now. */
  const close = (now: number): void => {
    if (since < settlesAt && settlesAt < now) close(settlesAt);
    const { clock, timeZone } = state;
    const service = state.service === 'owed' && now <= settlesAt ? 'allowed' : state.service;
    const from = since;
    since = now;
    if (service === 'none' || clock === undefined || items.size === 0 || now === from) return;
    const window = { from: from - AFTER, to: now + BEFORE };
    for (const moment of momentsOf([...items.values()], clock, timeZone, window)) {
      const key = momentKey(momentId(watchId, moment), moment.dueAt);
      const known = implied.get(key) ?? { ...moment, spans: [] };
      implied.set(key, known);
      const last = known.spans.at(-1);
      if (last?.to === from && last.service === service) last.to = now;
      else known.spans.push({ service, from, to: now });
    }
  };

  return {
    /** Called when a mirrored item was written, or deleted. */
    item: (id: string, document: Stored | null, now: number): void => {
      close(now);
      if (document === null) items.delete(id);
      else items.set(id, decodeData(document['data'], id));
    },
    /** Called when the watch's document was written. */
    watch: (next: ClockState, now: number): void => {
      if (JSON.stringify(next) === JSON.stringify(state)) return;
      close(now);
      if (JSON.stringify(next.clock) !== JSON.stringify(state.clock)) settlesAt = now + SETTLING;
      state = next;
    },
    /** Returns everything that was implied until now, by {@link momentKey}. */
    implied: (now: number): ReadonlyMap<string, Implied> => {
      close(now);
      return implied;
    },
  };
}
