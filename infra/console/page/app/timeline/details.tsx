import { useEffect, useState } from 'preact/hooks';
import { differencesOf } from '../../../model/diff.ts';
import type { TimelineEntry } from '../../../model/timeline.ts';
import { call } from '../parts/api.ts';
import { DiffTable } from '../parts/diff-table.tsx';
import { Masked } from '../parts/masked.tsx';
import { itemLink } from '../item/link.ts';
import { choose } from '../state/timeline.ts';
import { HopTable } from './hops.tsx';

type Item = Readonly<Record<string, unknown>> | null;

interface Loaded {
  readonly id: string;
  readonly before: Item;
  readonly after: Item;
  readonly problem?: string;
}

const isItem = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const itemIn = (change: unknown, side: 'before' | 'after'): Item => {
  const item = isItem(change) ? change[side] : null;
  return isItem(item) ? item : null;
};

async function load(id: string): Promise<Loaded> {
  try {
    const change = await call('GET', `/api/changes/${id.split('/').map(encodeURIComponent).join('/')}`);
    return { id, before: itemIn(change, 'before'), after: itemIn(change, 'after') };
  } catch (error) {
    return { id, before: null, after: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** A change in full: its hops, and the fields that differ. */
export function Details({ entry }: { readonly entry: TimelineEntry }) {
  const [loaded, setLoaded] = useState<Loaded>();
  useEffect(() => {
    let left = false;
    const show = async (): Promise<void> => {
      const result = await load(entry.id);
      if (!left) setLoaded(result);
    };
    void show();
    return () => {
      left = true;
    };
  }, [entry.id]);
  const current = loaded?.id === entry.id ? loaded : undefined;
  return (
    <aside id="details" class="details" aria-label="Change">
      <header class="row">
        <h2>
          <Masked text={entry.sentence} />
        </h2>
        <button type="button" class="plain" aria-label="Close" onClick={() => choose(undefined)}>
          ✕
        </button>
      </header>
      <dl class="facts">
        <dt>Change</dt>
        <dd>{[entry.change, ...entry.kinds].join(', ')}</dd>
        <dt>Sequence</dt>
        <dd class="mono">{entry.sequence}</dd>
        <dt>Watch</dt>
        <dd class="mono">
          <Masked text={entry.watchId} />
        </dd>
        <dt>Item</dt>
        <dd class="mono">
          <Masked text={entry.itemId} />
        </dd>
      </dl>
      <p>
        <a {...itemLink(entry.watchId, entry.itemId)}>Item history</a>
      </p>
      <HopTable hops={entry.hops} />
      <h3>Before and after</h3>
      {current === undefined ? <p class="muted">Loading …</p> : <Fields loaded={current} />}
    </aside>
  );
}

function Fields({ loaded: { before, after, problem } }: { readonly loaded: Loaded }) {
  if (problem !== undefined) return <p class="error">{problem}</p>;
  const differences = differencesOf(before, after);
  if (differences.length === 0) return <p class="muted">No field differs.</p>;
  return <DiffTable differences={differences} sides={['Before', 'After']} />;
}
