import { legsOf } from '../../../model/timeline.ts';
import { clockOf } from '../parts/times.ts';
import { entries } from '../state/stream.ts';

/** One line per change, the latest first. */
export function Timeline() {
  const list = entries.value;
  if (list.length === 0) return <p class="muted empty">No change yet. Change something in a calendar.</p>;
  return (
    <ol class="timeline" aria-label="Changes, the latest first">
      {list.toReversed().map((entry) => {
        const { legs, total } = legsOf(entry.hops);
        return (
          <li key={entry.id}>
            <time class="mono muted">{clockOf(entry.at)}</time>
            <span class={`change ${entry.change}`}>{entry.change}</span>
            <span>{entry.sentence}</span>
            <span class="mono muted" title={legs.map(({ stage, ms }) => `${stage} ${ms} ms`).join(', ')}>
              {legs.length > 0 ? `${total} ms` : ''}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
