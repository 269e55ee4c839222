import type { TimelineEntry } from '../../../model/timeline.ts';
import { legsOf } from '../../../model/timeline.ts';
import { Masked } from '../parts/masked.tsx';
import { clockOf } from '../parts/times.ts';
import { choose, chosen, selected, selectUntil } from '../state/timeline.ts';
import { HopBar } from './hops.tsx';

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' });

/** Height of a line, px. */
export const ROW_HEIGHT = 34;

/** One change in one line. */
export function Row({ entry }: { readonly entry: TimelineEntry }) {
  const { id, at, user, resource, calendarId, change, kinds, sentence, hops } = entry;
  const { total, legs } = legsOf(hops);
  const isOpen = chosen.value === id;
  const where = calendarId === null || calendarId === user ? resource : calendarId;
  return (
    <button
      type="button"
      class={selected.value.has(id) ? 'line selected' : 'line'}
      aria-expanded={isOpen}
      aria-controls="details"
      onClick={({ shiftKey }) => {
        if (shiftKey) selectUntil(id);
        else choose(isOpen ? undefined : id);
      }}
    >
      <time class="mono muted" dateTime={new Date(at).toISOString()} title={DAY.format(at)}>
        {clockOf(at)}
      </time>
      <span class={`change ${change}`}>{kinds[0] ?? change}</span>
      <Masked class="sentence" text={sentence} />
      <Masked class="where muted" text={user} />
      <span class="where muted">{where === resource ? resource : <Masked text={where} />}</span>
      <HopBar hops={hops} />
      <span class="mono total">{legs.length > 0 ? `${total} ms` : ''}</span>
    </button>
  );
}
