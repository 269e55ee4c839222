import { Row } from '../timeline/row.tsx';
import { entries } from '../state/stream.ts';

/** Changes that are shown. */
const SHOWN = 5;

/** The last changes of all watches, so that cause and effect are on one screen. A click opens one in the timeline. */
export function Strip() {
  const latest = entries.value.slice(-SHOWN).toReversed();
  return (
    <section class="strip" aria-label="Last changes">
      <h2 class="visually-hidden">Last changes</h2>
      <div class="lines">
        {latest.length === 0 ? (
          <p class="muted empty">No change yet: drag in the week above, and it appears here.</p>
        ) : (
          <ol>
            {latest.map((entry) => (
              <li key={entry.id}>
                <Row entry={entry} />
              </li>
            ))}
          </ol>
        )}
      </div>
    </section>
  );
}
