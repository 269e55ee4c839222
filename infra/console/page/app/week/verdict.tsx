import { verdictOf, wordsOf, type WeekAnswer } from '../../../model/week.ts';
import { Masked } from '../parts/masked.tsx';
import { setWeek } from './data.ts';

/** Differences that are listed. */
const LISTED = 6;

/** Whether the mirror equals Google's answer, and what differs. */
export function Verdict({ week }: { readonly week: WeekAnswer }) {
  const { comparison, google, notExpanded } = week;
  return (
    <div class="verdict">
      {comparison === null ? (
        <p class="notice" role="status">
          {google.ok ? '' : google.problem}
          {!google.ok && google.fix !== null && (
            <>
              <br />
              To see it: {google.fix}.
            </>
          )}
        </p>
      ) : (
        <p role="status" class={comparison.differences.length === 0 ? 'badge good' : 'badge warn'}>
          {verdictOf(comparison)}
        </p>
      )}
      {comparison !== null && comparison.differences.length > 0 && (
        <ul class="differences" aria-label="Differences">
          {comparison.differences.slice(0, LISTED).map((each) => (
            <li key={each.id}>
              <button type="button" class="plain small" onClick={() => setWeek({ event: each.id })}>
                <Masked text={titleIn(week, each.id)} />
              </button>{' '}
              <span class="muted">{wordsOf(each)}</span>
            </li>
          ))}
          {comparison.differences.length > LISTED && (
            <li class="muted">and {comparison.differences.length - LISTED} more</li>
          )}
        </ul>
      )}
      {notExpanded.map(({ id, reason }) => (
        <p key={id} class="muted">
          Only the first occurrence of <Masked text={id} /> is shown: {reason}.
        </p>
      ))}
    </div>
  );
}

/** Returns the title of an event on either side. */
export function titleIn({ google, mirror }: WeekAnswer, id: string): string {
  const event =
    (google.ok ? google.events.find((each) => each.id === id) : undefined) ??
    mirror.find((each) => each.event.id === id)?.event;
  const title = event?.['summary'];
  return typeof title === 'string' && title.trim() !== '' ? title : '(no title)';
}
