import type { WatchDetails } from '../../../model/watch-details.ts';
import { STATE_TEXT, type WatchView } from '../../../model/watch-view.ts';
import { Fact } from '../../../../emulator/page/app/parts/fact.tsx';
import { has } from '../parts/api.ts';
import { Copyable } from '../parts/copyable.tsx';
import { useLoaded } from '../parts/loaded.ts';
import { Masked } from '../parts/masked.tsx';
import { useNow } from '../parts/now.ts';
import { ageOf, momentOf } from '../parts/times.ts';
import { linkTo } from '../state/place.ts';
import { about, dayCounts, watches } from '../state/stream.ts';
import { Actions } from './actions.tsx';
import { Channels } from './channels.tsx';

const isDetails = has<WatchDetails>('channels', 'syncs');

/** One watch in full. */
export function WatchPage({ id }: { readonly id: string }) {
  const view = watches.value.get(id);
  const { value: details, problem } = useLoaded(`/api/watches/${encodeURIComponent(id)}`, isDetails, view);
  const now = useNow();
  if (about.value === undefined) return <p class="muted empty">Connecting …</p>;
  if (view === undefined)
    return (
      <p class="empty">
        There is no watch <Masked text={id} />: it was deleted, or never there.{' '}
        <a {...linkTo({ view: 'watches', query: {} })}>All watches</a>
      </p>
    );
  const moment = (at: number | null): string =>
    at === null ? 'never' : `${ageOf(at, now)}, ${momentOf(at, now)}`;
  return (
    <article class="watch-page" aria-label="Watch">
      <header class="row">
        <a class="back" {...linkTo({ view: 'watches', query: {} })}>
          ← Watches
        </a>
        <h1 class="mono">
          <Masked text={id} />
        </h1>
        <span class={`state ${view.state}`}>{view.state}</span>
      </header>
      <p>{view.detail ?? STATE_TEXT[view.state]}</p>
      {view.fix !== null && (
        <p>
          To fix it: <Copyable text={view.fix} personal={id} />
        </p>
      )}
      <Actions view={view} />
      <p class="row links">
        <a {...linkTo({ view: 'timeline', query: { watch: id } })}>Its changes</a>
        {view.resource === 'events' && <a {...linkTo({ view: 'week', query: { watch: id } })}>Its week</a>}
      </p>
      <dl class="facts">
        <Fact name="User">
          <Masked text={view.user ?? '–'} />
        </Fact>
        <Fact name="Resource">
          <Masked text={view.resource ?? '–'} />
        </Fact>
        <Fact name="Calendar">
          <Masked text={view.calendarId ?? '–'} />
        </Fact>
        <Fact name="Last complete sync">{moment(view.completedAt)}</Fact>
        <Fact name="Sequence">{view.sequence}</Fact>
        <Fact name="Changes a day">{dayCounts.value.get(id) ?? 0}</Fact>
        <Fact name="Next check">{moment(view.nextCheckAt)}</Fact>
        <Fact name="Failed syncs">
          {view.failures === 0 ? 'none' : `${view.failures} (${view.error ?? '?'})`}
        </Fact>
        {view.followedBy !== null && (
          <Fact name="Managed by">
            <Masked text={view.followedBy} />
          </Fact>
        )}
        {details && <Stored details={details} />}
      </dl>
      {problem !== undefined && <p class="error">{problem}</p>}
      {problem === undefined && details === undefined && <p class="muted">Loading …</p>}
      {problem === undefined && details && <More details={details} view={view} now={now} />}
    </article>
  );
}

const Stored = ({ details: { items, follows, collection } }: { readonly details: WatchDetails }) => (
  <>
    <Fact name="Items">{items}</Fact>
    {follows > 0 && <Fact name="Follows">{follows} watches</Fact>}
    <Fact name="Path">
      <Masked text={collection ?? '–'} />
    </Fact>
  </>
);

interface MoreProps {
  readonly details: WatchDetails;
  readonly view: WatchView;
  readonly now: number;
}

function More({ details, view, now }: MoreProps) {
  const { spec, channels, syncs } = details;
  return (
    <>
      <h2>Channels</h2>
      <Channels channels={channels} now={now} />
      <h2>Last syncs</h2>
      {syncs.length === 0 ? (
        <p class="muted">
          {about.value?.mode === 'local'
            ? 'None seen since the console started.'
            : 'Only the console of the cloud on this machine sees them: they are in the logs of sync.'}
        </p>
      ) : (
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Kind</th>
              <th scope="col">Reason</th>
              <th scope="col" class="pages">
                Pages
              </th>
              <th scope="col">Changes</th>
              <th scope="col">Took</th>
            </tr>
          </thead>
          <tbody>
            {syncs.map((sync) => (
              <tr key={sync.at}>
                <td>{momentOf(sync.at, now)}</td>
                <td>{sync.kind}</td>
                <td>{sync.reason}</td>
                <td class="mono pages">{sync.pages}</td>
                <td class="mono">{sync.changes}</td>
                <td class="mono">{Math.round(sync.ms)} ms</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {view.skippedItems.length > 0 && (
        <>
          <h2>Skipped items</h2>
          <ul>
            {view.skippedItems.map(({ item, reason }) => (
              <li key={item} class="long">
                <span class="mono">{item}</span>: {reason}
              </li>
            ))}
          </ul>
        </>
      )}
      <h2>Spec</h2>
      <pre class="mono spec" tabIndex={0}>
        <Masked text={JSON.stringify(spec, null, 2)} />
      </pre>
    </>
  );
}
