import { differencesOf } from '../../../model/diff.ts';
import type { ItemChange } from '../../../model/item.ts';
import type { TimelineEntry } from '../../../model/timeline.ts';
import { has } from '../parts/api.ts';
import { DetailsPane } from '../parts/details-pane.tsx';
import { DiffTable } from '../parts/diff-table.tsx';
import { useLoaded } from '../parts/loaded.ts';
import { Masked } from '../parts/masked.tsx';
import { linkTo } from '../state/place.ts';
import { choose } from '../state/timeline.ts';
import { HopTable } from './hops.tsx';

const isChange = has<Omit<ItemChange, 'entry'>>('before', 'after');

/** A change in full: its hops, and the fields that differ. */
export function Details({ entry }: { readonly entry: TimelineEntry }) {
  return (
    <DetailsPane label="Change" title={<Masked text={entry.sentence} />} onClose={() => choose(undefined)}>
      <dl class="facts">
        <dt>Change</dt>
        <dd>{kindsOf(entry)}</dd>
        <dt>Sequence</dt>
        <dd class="mono">{entry.sequence}</dd>
        <dt>Watch</dt>
        <dd class="mono">
          <a {...linkTo({ view: 'watches', query: { watch: entry.watchId } })}>
            <Masked text={entry.watchId} />
          </a>
        </dd>
        <dt>Item</dt>
        <dd class="mono">
          <Masked text={entry.itemId} />
        </dd>
      </dl>
      <p>
        <a {...linkTo({ view: 'watches', query: { watch: entry.watchId, item: entry.itemId } })}>
          Item history
        </a>
      </p>
      <HopTable hops={entry.hops} />
      <h3>Before and after</h3>
      <Fields key={entry.id} id={entry.id} />
    </DetailsPane>
  );
}

/** Such as `updated: moved, renamed`. */
const kindsOf = ({ change, kinds }: TimelineEntry): string =>
  kinds.length === 0 ? change : `${change}: ${kinds.join(', ')}`;

function Fields({ id }: { readonly id: string }) {
  const path = `/api/changes/${id.split('/').map(encodeURIComponent).join('/')}`;
  const { value, problem } = useLoaded(path, isChange);
  if (problem !== undefined) return <p class="error">{problem}</p>;
  if (value === undefined) return <p class="muted">Loading …</p>;
  const differences = differencesOf(value.before, value.after);
  if (differences.length === 0) return <p class="muted">No field differs.</p>;
  return <DiffTable differences={differences} sides={['Before', 'After']} />;
}
