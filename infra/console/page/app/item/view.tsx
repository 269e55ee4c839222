import { differencesOf } from '../../../model/diff.ts';
import type { ItemAnswer, ItemChange, ItemDocument } from '../../../model/item.ts';
import { REMEMBERED_CHANGES } from '../../../model/timeline.ts';
import { has } from '../parts/api.ts';
import { DiffTable } from '../parts/diff-table.tsx';
import { useLoaded } from '../parts/loaded.ts';
import { Masked } from '../parts/masked.tsx';
import { useNow } from '../parts/now.ts';
import { ageOf, momentOf } from '../parts/times.ts';
import { go, linkTo } from '../state/place.ts';
import { entries } from '../state/stream.ts';

const isAnswer = has<ItemAnswer>('document', 'changes');

/** An item's document now, and its history as far as the console remembers. */
export function ItemPage({ watch, item }: { readonly watch: string; readonly item: string }) {
  const latest = entries.value.findLast(({ watchId, itemId }) => watchId === watch && itemId === item)?.id;
  const path = `/api/watches/${encodeURIComponent(watch)}/items/${encodeURIComponent(item)}`;
  const { value, problem } = useLoaded(path, isAnswer, latest);
  // What was read before may no longer be so.
  const answer = problem === undefined ? value : undefined;
  return (
    <article class="item-page" aria-label="Item">
      <header class="row">
        <button type="button" class="plain" onClick={() => go({ view: 'watches', query: { watch } })}>
          ← Watch
        </button>
        <h1>
          <Masked text={titleOf(answer) ?? item} />
        </h1>
      </header>
      <p class="mono muted">
        <Masked text={item} />
      </p>
      {problem !== undefined && <p class="error">{problem}</p>}
      {problem === undefined && answer === undefined && <p class="muted">Loading …</p>}
      {answer && (
        <>
          <History changes={answer.changes} />
          <Document document={answer.document} />
        </>
      )}
    </article>
  );
}

/** The title as it is now, or was before the item was deleted. */
function titleOf(answer: ItemAnswer | undefined): string | undefined {
  if (answer === undefined) return undefined;
  const [last] = answer.changes;
  const data = answer.document?.data ?? last?.after ?? last?.before;
  const title = data?.['summary'];
  return typeof title === 'string' && title !== '' ? title : undefined;
}

function History({ changes }: { readonly changes: readonly ItemChange[] }) {
  const now = useNow();
  return (
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      {changes.length === 0 && (
        <p class="muted">
          No change since the console started. It remembers the last {REMEMBERED_CHANGES.toLocaleString('en')}{' '}
          of all items.
        </p>
      )}
      <ol class="history">
        {changes.map(({ entry, before, after }) => (
          <li key={entry.id}>
            <p class="row">
              <span class={`change ${entry.change}`}>{entry.kinds[0] ?? entry.change}</span>
              <Masked text={entry.sentence} />
              <span class="muted">
                {momentOf(entry.at, now)}, {ageOf(entry.at, now)}
              </span>
              <a {...linkTo({ view: 'timeline', query: { change: entry.id } })}>sequence {entry.sequence}</a>
            </p>
            <details>
              <summary>Before and after</summary>
              <DiffTable differences={differencesOf(before, after)} sides={['Before', 'After']} />
            </details>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Document({ document }: { readonly document: ItemDocument | null }) {
  if (document === null) {
    return (
      <section aria-labelledby="document">
        <h2 id="document">Document</h2>
        <p class="muted">There is none: the item was deleted, or is an occurrence of a series.</p>
      </section>
    );
  }
  const { path, sequence, mirroredAt, etag, omitted, fields, data } = document;
  const facts: readonly (readonly [string, string])[] = [
    ['sequence', String(sequence)],
    ['mirroredAt', mirroredAt === null ? '–' : new Date(mirroredAt).toISOString()],
    ['etag', etag ?? 'null'],
    ...(omitted.length > 0 ? [['omitted', omitted.join(', ')] as const] : []),
  ];
  return (
    <section aria-labelledby="document">
      <h2 id="document">Document</h2>
      <p class="mono">
        <Masked text={path} />
      </p>
      <dl class="document-fields">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt class="mono">{name}</dt>
            <dd class="mono">{value}</dd>
          </div>
        ))}
        {Object.entries(fields).map(([name, value]) => (
          <div key={name}>
            <dt class="mono">{name}</dt>
            <dd class="mono">{value === null ? 'null' : <Masked text={value} />}</dd>
          </div>
        ))}
      </dl>
      <h3 id="data">data</h3>
      <pre class="mono spec" role="region" aria-labelledby="data" tabIndex={0}>
        <Masked text={JSON.stringify(data, null, 2)} />
      </pre>
    </section>
  );
}
