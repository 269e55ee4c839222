import { VirtualList } from '../parts/virtual-list.tsx';
import { place } from '../state/place.ts';
import { about, entries } from '../state/stream.ts';
import { chosen, shown } from '../state/timeline.ts';
import { Details } from './details.tsx';
import { Filters } from './filters.tsx';
import { Row, ROW_HEIGHT } from './row.tsx';

/** One line per change, the latest first, and the details of the chosen one. */
export function Timeline() {
  const list = shown.value;
  const entry = [list, entries.value].flatMap((all) => all.find(({ id }) => id === chosen.value) ?? [])[0];
  return (
    <div class="timeline">
      <h1 class="visually-hidden">Changes</h1>
      <Filters />
      <div class="panes">
        {list.length === 0 ? (
          <p class="muted empty">
            {about.value === undefined
              ? 'Connecting …'
              : entries.value.length === 0
                ? 'No change since the console was started. Change something in a calendar, and it appears here.'
                : 'No change matches the filters.'}
          </p>
        ) : (
          <VirtualList
            class="lines"
            items={list}
            keyOf={({ id }) => id}
            rowHeight={ROW_HEIGHT}
            visible={place.value.query['until'] ?? chosen.value}
            label="Changes, the latest first"
            row={(each) => <Row entry={each} />}
          />
        )}
        {entry && <Details entry={entry} />}
      </div>
    </div>
  );
}
