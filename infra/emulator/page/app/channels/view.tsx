import { Badge } from '../parts/badge.tsx';
import { Fact } from '../parts/fact.tsx';
import { attempt } from '../parts/toasts.tsx';
import { When } from '../parts/when.tsx';
import { control } from '../server/api.ts';
import { tick } from '../server/clock.ts';
import { entries } from '../server/live.ts';
import { deliveriesOf, fateTone } from '../state/journal.ts';
import { formatDuration } from '../state/duration.ts';
import { channels } from './data.ts';
import type { Channel } from '../state/channel.ts';
import type { Delivery } from '../state/journal.ts';

/** The most notifications that are shown of one channel. */
const SHOWN = 20;

/** The notification channels, with what was sent on each of them. */
export function ChannelsView() {
  const list = (channels.data.value ?? []).toReversed();
  return (
    <div class="stack page">
      <div class="row">
        <h1>Channels</h1>
        <span class="muted">{list.length}</span>
      </div>
      {list.length === 0 && (
        <p class="notice">
          No channels. An app opens one with <code>watch</code>; it stays here until it is stopped.
        </p>
      )}
      {list.map((channel) => (
        <ChannelCard key={channel.id} channel={channel} />
      ))}
    </div>
  );
}

function ChannelCard({ channel }: { readonly channel: Channel }) {
  const { id, user, collection, address, state, expiresAt } = channel;
  const calendarId = 'calendarId' in collection ? collection.calendarId : undefined;
  const deliveries = deliveriesOf(entries.value, id);
  const act = (path: string, done: string): void => void attempt(() => control('POST', path, { id }), done);
  return (
    <article class="card stack" aria-label={`Channel ${id}`}>
      <header class="row">
        <h2>
          {collection.resource}
          {calendarId === undefined ? '' : ` of ${calendarId}`}
        </h2>
        <Badge tone={state === 'live' ? 'good' : state === 'killed' ? 'warn' : 'calm'}>{state}</Badge>
        <span class="row end">
          <button
            type="button"
            disabled={state !== 'live'}
            onClick={() => act('notify', 'Notification sent')}
          >
            Notify
          </button>
          <button type="button" disabled={state !== 'live'} onClick={() => act('expire-channels', 'Expired')}>
            Expire
          </button>
          <button
            type="button"
            class="danger"
            disabled={state !== 'live'}
            onClick={() => act('kill-channels', 'Killed: it says no more')}
          >
            Kill
          </button>
        </span>
      </header>
      <dl class="facts">
        <Fact name="Channel" mono>
          {id}
        </Fact>
        <Fact name="User" mono>
          {user}
        </Fact>
        <Fact name="Address" mono>
          {address}
        </Fact>
        <Fact name={expiresAt > tick.value ? 'Expires in' : 'Expired'} mono>
          {`${formatDuration(expiresAt - tick.value)}${expiresAt > tick.value ? '' : ' ago'}`}
        </Fact>
      </dl>
      {deliveries.length === 0 ? (
        <p class="muted">Nothing sent yet.</p>
      ) : (
        <ol class="deliveries" aria-label="Notifications">
          {deliveries.slice(0, SHOWN).map((delivery) => (
            <DeliveryRow key={delivery.number} delivery={delivery} />
          ))}
        </ol>
      )}
      {deliveries.length > SHOWN && <p class="muted">… and {deliveries.length - SHOWN} earlier ones</p>}
    </article>
  );
}

function DeliveryRow({ delivery: { number, state, attempts } }: { readonly delivery: Delivery }) {
  return (
    <li>
      <When ms={attempts[0]?.time ?? 0} />
      <span class="what">{state}</span>
      <span class="mono muted">#{number}</span>
      <ol class="attempts" aria-label="Attempts">
        {attempts.map(({ fate, status, attempt: count, ms }) => (
          <li key={`${count} ${fate}`}>
            <Badge tone={fateTone(fate)}>
              {status === undefined ? '' : `${status} `}
              {fate}
            </Badge>
            {ms > 0 && <span class="muted mono">{Math.round(ms)} ms</span>}
          </li>
        ))}
      </ol>
    </li>
  );
}
