import { axisOf, type ChannelView } from '../../../model/watch-details.ts';
import { ageOf, momentOf } from '../parts/times.ts';

interface Props {
  readonly channels: readonly ChannelView[];
  readonly now: number;
}

/** The channels on a time axis: an overlap is seen where one replaces another, and the end of the last lies ahead. */
export function Channels({ channels, now }: Props) {
  const { bars, from, to, now: at } = axisOf(channels, now);
  if (bars.length === 0) return <p class="muted">None: Google sends no notifications for it now.</p>;
  return (
    <div class="axis">
      <div class="axis-rows" role="list" aria-label="Channels">
        {bars.map(({ channel: { id, state, createdAt, expiresAt }, ...bar }) => (
          <div key={id} class="axis-row" role="listitem">
            <span class="mono" title={id}>
              {id.slice(0, 8)}
            </span>
            <span class="track" aria-hidden="true">
              <span
                class={`life ${state}`}
                style={{ left: `${bar.from * 100}%`, width: `${Math.max(bar.to - bar.from, 0.005) * 100}%` }}
                title={`from ${momentOf(createdAt, now)} to ${momentOf(expiresAt, now)}`}
              />
              <span class="now" style={{ left: `${at * 100}%` }} />
            </span>
            <span class="muted">
              {state}, {expiresAt < now ? 'ended' : 'ends'} {ageOf(expiresAt, now)}
            </span>
          </div>
        ))}
      </div>
      <div class="axis-row scale muted">
        <span class="track-scale">
          <span>{momentOf(from, now)}</span>
          {/* Where it would cover one of the ends, the line alone says it. */}
          {at > 0.2 && at < 0.8 && (
            <span class="now-word" style={{ left: `${at * 100}%` }}>
              now
            </span>
          )}
          <span>{momentOf(to, now)}</span>
        </span>
      </div>
    </div>
  );
}
