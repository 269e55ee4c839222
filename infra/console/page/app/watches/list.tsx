import { computed } from '@preact/signals';
import { COLUMNS, orderedWatches, type Column, type WatchRow } from '../../../model/watch-list.ts';
import { FilterForm } from '../parts/filter-form.tsx';
import { Masked } from '../parts/masked.tsx';
import { useNow } from '../parts/now.ts';
import { ageOf } from '../parts/times.ts';
import { VirtualList } from '../parts/virtual-list.tsx';
import { ReplayButton } from '../replay/replay.tsx';
import { go, place } from '../state/place.ts';
import { entries, watches } from '../state/stream.ts';

const ROW_HEIGHT = 38;

const TITLES: Readonly<Record<Column, string>> = {
  id: 'Watch',
  state: 'State',
  lastSync: 'Last sync',
  channel: 'Channel ends',
  sequence: 'Sequence',
  changes: 'Changes seen',
  nextCheck: 'Next check',
};

const order = computed(() => {
  const { by, desc, q = '' } = place.value.query;
  return { words: q, by: COLUMNS.find((name) => name === by) ?? 'id', descending: desc === '1' };
});

const rows = computed((): readonly WatchRow[] => {
  const counts = new Map<string, number>();
  for (const { watchId } of entries.value) counts.set(watchId, (counts.get(watchId) ?? 0) + 1);
  return [...watches.value.values()].map((view) => ({ view, changes: counts.get(view.id) ?? 0 }));
});
const shown = computed(() => orderedWatches(rows.value, order.value));

const set = (changed: Readonly<Record<string, string>>): void =>
  go({ view: 'watches', query: { ...place.value.query, ...changed } }, { replace: true });

/** All watches: what is wrong first to see, sorted and filtered by the address. */
export function List() {
  const list = shown.value;
  const { words } = order.value;
  return (
    <div class="watches">
      <h1 class="visually-hidden">Watches</h1>
      <FilterForm
        label="Filter watches"
        placeholder="words of id, user, calendar, state"
        words={words}
        onWords={(q) => set({ q })}
      >
        <p class="muted" role="status">
          {list.length} of {watches.value.size}
        </p>
        <ReplayButton watch={null} />
      </FilterForm>
      <div class="watch-table">
        <Heads />
        {list.length === 0 ? (
          <p class="muted empty">{watches.value.size === 0 ? 'No watch yet.' : 'No watch matches.'}</p>
        ) : (
          <VirtualList
            items={list}
            keyOf={({ view }) => view.id}
            rowHeight={ROW_HEIGHT}
            visible={-1}
            label="Watches"
            row={(each) => <Row row={each} />}
          />
        )}
      </div>
    </div>
  );
}

function Heads() {
  const { by, descending } = order.value;
  return (
    <div class="watch-row heads" role="group" aria-label="Order">
      {COLUMNS.map((name) => (
        <button
          key={name}
          type="button"
          class={`plain ${name}`}
          aria-pressed={by === name}
          onClick={() => set({ by: name, desc: by === name && !descending ? '1' : '' })}
        >
          {TITLES[name]}
          <span aria-hidden="true">{by === name ? (descending ? ' ↓' : ' ↑') : ''}</span>
        </button>
      ))}
    </div>
  );
}

function Row({ row: { view, changes } }: { readonly row: WatchRow }) {
  const now = useNow();
  const age = (at: number | null | undefined): string =>
    at === null || at === undefined ? '–' : ageOf(at, now);
  return (
    <button
      type="button"
      class="watch-row line"
      onClick={() => go({ view: 'watches', query: { watch: view.id } })}
    >
      <span class="mono">
        <Masked text={view.id} />
      </span>
      <span>
        <span class={`state ${view.state}`} title={view.detail ?? undefined}>
          {view.state}
        </span>
        {view.failures > 0 && <span class="error"> {view.failures} failed</span>}
      </span>
      <span class="lastSync">{view.syncing === null ? age(view.completedAt) : `${view.syncing} sync …`}</span>
      <span class="channel">{age(view.channel?.expiresAt)}</span>
      <span class="mono sequence">{view.sequence}</span>
      <span class="mono changes">{changes}</span>
      <span class="nextCheck">{age(view.nextCheckAt)}</span>
    </button>
  );
}
