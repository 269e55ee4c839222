import { computed, signal } from '@preact/signals';
import { ask } from '../parts/ask.tsx';
import { Choice, including } from '../parts/choice.tsx';
import { Field } from '../parts/field.tsx';
import { attempt } from '../parts/toasts.tsx';
import { control } from '../server/api.ts';
import { entries } from '../server/live.ts';
import { route, setQuery } from '../server/navigation.ts';
import { filterOf, matchesFilter } from '../state/journal.ts';
import { EntryRow } from './row.tsx';

/** How many entries are shown at first, and with each “Show more”. */
const PAGE = 200;
const limit = signal(PAGE);

const filter = computed(() => filterOf(route.value.query));
const matching = computed(() =>
  entries.value.filter(({ entry }) => matchesFilter(entry, filter.value)).toReversed(),
);
const usersOf = computed(() => [
  ...new Set(entries.value.flatMap(({ entry }) => (entry.user === undefined ? [] : [entry.user]))),
]);

/** What was asked of the emulator and what it sent, as it happens. */
export function JournalView() {
  const all = matching.value;
  return (
    <div class="stack page">
      <div class="row">
        <h1>Journal</h1>
        <span class="muted" role="status">
          {all.length === entries.value.length ? all.length : `${all.length} of ${entries.value.length}`}
        </span>
        <span class="row end">
          <button type="button" onClick={() => void clear()}>
            Clear
          </button>
        </span>
      </div>
      <Filters />
      {all.length === 0 ? (
        <p class="notice">
          {entries.value.length === 0
            ? 'Nothing yet. Requests appear here as they arrive.'
            : 'Nothing matches.'}
        </p>
      ) : (
        <div class="journal" role="table" aria-label="Journal, latest first">
          <div role="row" class="entry head">
            <span role="columnheader">Time</span>
            <span role="columnheader">What</span>
            <span role="columnheader">User</span>
            <span role="columnheader">Outcome</span>
            <span role="columnheader">ms</span>
          </div>
          {all.slice(0, limit.value).map(({ id, entry }) => (
            <EntryRow key={id} id={id} entry={entry} />
          ))}
        </div>
      )}
      {all.length > limit.value && (
        <button
          type="button"
          onClick={() => {
            limit.value += PAGE;
          }}
        >
          Show more
        </button>
      )}
    </div>
  );
}

async function clear(): Promise<void> {
  const sure = await ask('Clear the journal?', 'Entries and counts are dropped, for every reader.', [
    { label: 'Clear', value: 'clear', tone: 'danger' },
  ]);
  if (sure !== undefined) await attempt(() => control('DELETE', 'journal'), 'Journal cleared');
}

function Filters() {
  const { kind, method, user, status } = filter.value;
  return (
    <form class="filters" role="search" aria-label="Filter" onSubmit={(event) => event.preventDefault()}>
      <Choice
        label="Kind"
        value={kind}
        onChange={(chosen) => setQuery({ kind: chosen })}
        options={[
          ['', 'All'],
          ['request', 'Requests'],
          ['notification', 'Notifications'],
        ]}
      />
      <Field
        label="Search"
        type="search"
        value={method}
        placeholder="events.list"
        onInput={(words) => setQuery({ method: words })}
      />
      <Choice
        label="User"
        value={user}
        onChange={(chosen) => setQuery({ user: chosen })}
        options={[['', 'All'], ...including(usersOf.value, user).map((name) => [name, name] as const)]}
      />
      <Field
        label="Status"
        type="search"
        value={status}
        list="statuses"
        placeholder="4xx, 410"
        onInput={(text) => setQuery({ status: text.trim() })}
      />
      <datalist id="statuses">
        {['2xx', '4xx', '5xx', '401', '403', '404', '410', '412', '429'].map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </form>
  );
}
