import { axisOf, type WatchDetails } from '../../../model/watch-details.ts';
import type { WatchView } from '../../../model/watch-view.ts';
import { Fact } from '../../../../emulator/page/app/parts/fact.tsx';
import { has } from '../parts/api.ts';
import { Copyable } from '../parts/copyable.tsx';
import { useLoaded } from '../parts/loaded.ts';
import { Masked } from '../parts/masked.tsx';
import { useNow } from '../parts/now.ts';
import { ageOf, clockOf } from '../parts/times.ts';
import { go } from '../state/place.ts';
import { watches } from '../state/stream.ts';
import { Actions } from './actions.tsx';

const isDetails = has<WatchDetails>('channels', 'syncs');

/** One watch in full. */
export function WatchPage({ id }: { readonly id: string }) {
  const view = watches.value.get(id);
  const { value: details, problem } = useLoaded(`/api/watches/${encodeURIComponent(id)}`, isDetails, view);
  const now = useNow();
  if (view === undefined) return <p class="empty">There is no watch {id}: it was deleted, or never there.</p>;
  const moment = (at: number | null): string => (at === null ? 'never' : `${ageOf(at, now)}, ${clockOf(at)}`);
  return (
    <article class="watch-page" aria-label="Watch">
      <header class="row">
        <button type="button" class="plain" onClick={() => go({ view: 'watches', query: {} })}>
          ← Watches
        </button>
        <h1 class="mono">
          <Masked text={id} />
        </h1>
        <span class={`state ${view.state}`}>{view.state}</span>
      </header>
      {view.detail !== null && <p>{view.detail}</p>}
      {view.fix !== null && (
        <p>
          To fix it: <Copyable text={view.fix} />
        </p>
      )}
      <Actions view={view} />
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
        <Fact name="Next check">{moment(view.nextCheckAt)}</Fact>
        <Fact name="Failed syncs">
          {view.failures === 0 ? 'none' : `${view.failures} (${view.error ?? '?'})`}
        </Fact>
        {view.followedBy !== null && (
          <Fact name="Managed by">
            <Masked text={view.followedBy} />
          </Fact>
        )}
      </dl>
      {problem !== undefined && <p class="error">{problem}</p>}
      {problem === undefined && details && <More details={details} view={view} now={now} />}
    </article>
  );
}

interface MoreProps {
  readonly details: WatchDetails;
  readonly view: WatchView;
  readonly now: number;
}

function More({ details, view, now }: MoreProps) {
  const { spec, items, follows, syncs } = details;
  return (
    <>
      <dl class="facts">
        <Fact name="Items">{items}</Fact>
        {follows > 0 && <Fact name="Follows">{follows} watches</Fact>}
        <Fact name="Path">
          <Masked text={details.collection ?? '–'} />
        </Fact>
      </dl>
      <h2>Channels</h2>
      <Channels details={details} now={now} />
      <h2>Last syncs</h2>
      {syncs.length === 0 ? (
        <p class="muted">None seen since the console started.</p>
      ) : (
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Kind</th>
              <th scope="col">Reason</th>
              <th scope="col">Pages</th>
              <th scope="col">Changes</th>
              <th scope="col">ms</th>
            </tr>
          </thead>
          <tbody>
            {syncs.map((sync) => (
              <tr key={sync.at}>
                <td>{clockOf(sync.at)}</td>
                <td>{sync.kind}</td>
                <td>{sync.reason}</td>
                <td class="mono">{sync.pages}</td>
                <td class="mono">{sync.changes}</td>
                <td class="mono">{Math.round(sync.ms)}</td>
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
              <li key={item}>
                <span class="mono">{item}</span>: {reason}
              </li>
            ))}
          </ul>
        </>
      )}
      <h2>Spec</h2>
      <pre class="mono spec">
        <Masked text={JSON.stringify(spec, null, 2)} />
      </pre>
    </>
  );
}

/** The channels on a time axis: an overlap is seen where one replaces another, and the end of the last lies ahead. */
function Channels({ details, now }: { readonly details: WatchDetails; readonly now: number }) {
  const { bars, now: at } = axisOf(details.channels, now);
  if (bars.length === 0) return <p class="muted">None: Google sends no notifications for it now.</p>;
  return (
    <div class="axis">
      {bars.map(({ channel, from, to }) => (
        <div key={channel.id} class="axis-row">
          <span class="mono">{channel.id.slice(0, 8)}</span>
          <span class="track">
            <span
              class={`life ${channel.state}`}
              style={{ left: `${from * 100}%`, width: `${Math.max(to - from, 0.005) * 100}%` }}
              title={`${channel.state}, ends ${new Date(channel.expiresAt).toISOString()}`}
            />
            <span class="now" style={{ left: `${at * 100}%` }} />
          </span>
          <span class="muted">
            {channel.state}, ends {ageOf(channel.expiresAt, now)}
          </span>
        </div>
      ))}
    </div>
  );
}
