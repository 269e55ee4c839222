import { differencesOf } from '../../../model/diff.ts';
import { wordsOf, type WeekAnswer } from '../../../model/week.ts';
import { DetailsPane } from '../parts/details-pane.tsx';
import { DiffTable } from '../parts/diff-table.tsx';
import { Masked } from '../parts/masked.tsx';
import { linkTo } from '../state/place.ts';
import { setWeek } from './data.ts';
import { titleIn } from './verdict.tsx';

/** The event that is open: what differs, or the fields that both sides have alike. */
export function Chosen({ week, id }: { readonly week: WeekAnswer; readonly id: string }) {
  const mirrored = week.mirror.find(({ event }) => event.id === id);
  const listed = week.google.ok ? week.google.events.find((event) => event.id === id) : undefined;
  const event = mirrored?.event ?? listed;
  if (event === undefined) return null;
  const difference = week.comparison?.differences.find((each) => each.id === id);
  const fields = difference?.kind === 'differs' ? difference.fields : differencesOf(null, event);
  return (
    <DetailsPane
      label="Event"
      title={<Masked text={titleIn(week, id)} />}
      onClose={() => setWeek({ event: '' })}
    >
      <p class={difference ? 'badge warn' : 'badge good'}>
        {difference ? wordsOf(difference) : week.comparison === null ? 'as mirrored' : 'equal on both sides'}
      </p>
      {mirrored && (
        <p>
          <a {...linkTo({ view: 'watches', query: { watch: week.watchId, item: mirrored.itemId } })}>
            Item history
          </a>
          {mirrored.itemId !== id && <span class="muted"> of the series that this is an occurrence of</span>}
        </p>
      )}
      {difference?.kind === 'differs' ? (
        <DiffTable differences={fields} sides={['Google', 'Mirror']} />
      ) : (
        <DiffTable differences={fields} sides={['Value']} />
      )}
    </DetailsPane>
  );
}
