import { signal } from '@preact/signals';
import { Badge } from '../parts/badge.tsx';
import { Fact } from '../parts/fact.tsx';
import { When } from '../parts/when.tsx';
import { setQuery } from '../server/navigation.ts';
import { fateTone, statusTone } from '../state/journal.ts';
import type { JournalEntry, NotificationEntry, RequestEntry } from '../../../journal/journal.ts';

const opened = signal<ReadonlySet<string>>(new Set());

function toggle(id: string): void {
  const next = new Set(opened.value);
  if (!next.delete(id)) next.add(id);
  opened.value = next;
}

/** A line of the journal. It opens to show all that is known of it. */
export function EntryRow({ id, entry }: { readonly id: string; readonly entry: JournalEntry }) {
  const isOpen = opened.value.has(id);
  return (
    <>
      <div role="row" class={`entry ${entry.kind}`}>
        <span role="cell">
          <When ms={entry.time} />
        </span>
        <span role="cell" class="what">
          <button type="button" class="plain link" aria-expanded={isOpen} onClick={() => toggle(id)}>
            {entry.kind === 'request' ? requestTitle(entry) : notificationTitle(entry)}
          </button>
        </span>
        <span role="cell" class="who" title={entry.user}>
          {entry.user ?? '–'}
        </span>
        <span role="cell">
          {entry.kind === 'request' ? <RequestBadge entry={entry} /> : <NotificationBadge entry={entry} />}
        </span>
        <span role="cell" class="mono number">
          {Math.round(entry.ms)}
        </span>
      </div>
      {isOpen && (
        <div role="row" class="details">
          <div role="cell">
            <dl aria-label="Details" class="facts">
              {Object.entries(entry).map(([name, value]) => (
                <Fact key={name} name={name} mono>
                  {typeof value === 'object' ? JSON.stringify(value) : String(value)}
                </Fact>
              ))}
            </dl>
            {entry.kind === 'request' && (
              <button
                type="button"
                class="small"
                onClick={() => setQuery({ method: entry.id, kind: '', user: '', status: '' })}
              >
                What it caused
              </button>
            )}
          </div>
        </div>
      )}
    </>
  );
}

function requestTitle({ method, httpMethod, path }: RequestEntry) {
  return (
    <>
      <span class="verb mono">{httpMethod}</span>
      <span class="method">{method === 'unknown' ? 'unknown' : method.replace(/^calendar\./, '')}</span>
      <span class="path mono muted">{path.replace(/^\/calendar\/v3/, '')}</span>
    </>
  );
}

function notificationTitle({ resource, state, channelId, attempt }: NotificationEntry) {
  return (
    <>
      <span class="verb mono">→ {state}</span>
      <span class="method">{resource}</span>
      <span class="path muted">
        to {channelId}
        {attempt > 1 ? `, attempt ${attempt}` : ''}
      </span>
    </>
  );
}

function RequestBadge({ entry: { status, reason } }: { readonly entry: RequestEntry }) {
  return (
    <Badge tone={statusTone(status)}>
      {status === 0 ? 'hung up' : status}
      {reason === undefined ? '' : ` ${reason}`}
    </Badge>
  );
}

function NotificationBadge({ entry: { fate, status } }: { readonly entry: NotificationEntry }) {
  return (
    <Badge tone={fateTone(fate)}>
      {status === undefined ? '' : `${status} `}
      {fate}
    </Badge>
  );
}
