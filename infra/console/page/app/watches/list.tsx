import { computed } from '@preact/signals';
import { COLUMNS, orderedWatches, type Column, type WatchRow } from '../../../model/watch-list.ts';
import { Copyable } from '../parts/copyable.tsx';
import { FilterForm } from '../parts/filter-form.tsx';
import { Masked } from '../parts/masked.tsx';
import { useNow } from '../parts/now.ts';
import { ageOf } from '../parts/times.ts';
import { VirtualList } from '../parts/virtual-list.tsx';
import { ReplayButton } from '../replay/replay.tsx';
import { go, linkTo, place } from '../state/place.ts';
import { about, dayCounts, watches } from '../state/stream.ts';

const ROW_HEIGHT = 38;

const TITLES: Readonly<Record<Column, string>> = {
  id: 'Watch',
  state: 'State',
  lastSync: 'Last sync',
  channel: 'Channel ends',
  sequence: 'Sequence',
  changes: 'Changes a day',
  nextCheck: 'Next check',
};

const MEANINGS: Readonly<Partial<Record<Column, string>>> = {
  lastSync: 'When the last complete sync ended',
  sequence: 'The number of the last change',
  changes: 'In the last 24 hours, counted since the console was started',
};

const order = computed(() => {
  const { by, desc, q = '' } = place.value.query;
  return { words: q, by: COLUMNS.find((name) => name === by) ?? 'id', descending: desc === '1' };
});

const rows = computed((): readonly WatchRow[] =>
  [...watches.value.values()].map((view) => ({ view, changes: dayCounts.value.get(view.id) ?? 0 })),
);
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
          {list.length} of {watches.value.size} watches
        </p>
        <ReplayButton watch={null} />
      </FilterForm>
      <div class="watch-table">
        <Heads />
        {list.length === 0 ? (
          <Empty />
        ) : (
          <VirtualList
            items={list}
            keyOf={({ view }) => view.id}
            rowHeight={ROW_HEIGHT}
            label="Watches"
            row={(each) => <Row row={each} />}
          />
        )}
      </div>
    </div>
  );
}

function Empty() {
  if (about.value === undefined) return <p class="muted empty">Connecting …</p>;
  if (watches.value.size > 0) return <p class="muted empty">No watch matches.</p>;
  return (
    <p class="muted empty">
      No watch yet. Add one: <Copyable text="calendar-mirror watch ada@example.com" />
    </p>
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
          title={MEANINGS[name]}
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
    <a class="watch-row line" {...linkTo({ view: 'watches', query: { watch: view.id } })}>
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
    </a>
  );
}
