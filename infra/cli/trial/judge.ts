import type { FeedMessage } from '../../local/feed.ts';
import { checkNumbers, checkReplay } from '../../local/verify-feed.ts';
import type { MirroredItem } from '../../local/mirror.ts';
import type { Evidence } from './evidence.ts';
import type { Witness } from './witness.ts';

/** Judges what a trial has received from Google and from Pub/Sub. Pure but for the evidence that it adds to. */

type Push = Witness['pushes'][number];

/** Judges the notifications of all channels. */
export function judgeNotifications(
  pushes: readonly Push[],
  { edits, unannounced }: ReturnType<Witness['counts']>,
  evidence: Evidence,
): void {
  const channels = [...Map.groupBy(pushes, ({ channelId = '' }) => channelId).values()];
  const first = pushes.filter(({ resourceState }) => resourceState === 'sync');
  if (first.length > 0) {
    const ones = first.filter(({ messageNumber }) => messageNumber === 1).length;
    evidence.see('G32', ones === first.length, `${String(ones)} of ${String(first.length)} have number 1`);
  }
  const later = pushes.filter(({ resourceState }) => resourceState !== 'sync');
  if (later.length > 0) {
    const other = later.filter(({ resourceState }) => resourceState !== 'exists').length;
    // A repeated notification has its number again, and may come late.
    const falling = channels.filter((channel) => {
      const numbers = channel.map(({ messageNumber = 0 }) => messageNumber);
      return (
        new Set(numbers).size === numbers.length &&
        numbers.some((number, at) => number < (numbers[at - 1] ?? 0))
      );
    }).length;
    evidence.see(
      'G33',
      other === 0 && falling === 0,
      `${String(later.length)}, ${String(other)} in another state, ${String(falling)} channels out of order`,
    );
  }
  if (pushes.length > 0) {
    const named = pushes.filter(({ resourceUri = '' }) =>
      /\/(?:events|acl)$/.test(URL.parse(resourceUri)?.pathname ?? ''),
    );
    evidence.see(
      'G34',
      named.length === pushes.length,
      `${String(named.length)} of ${String(pushes.length)}`,
    );
  }
  if (edits > 0) {
    const announced = edits - unannounced;
    evidence.see('G35', announced > 0, `${String(announced)} of ${String(edits)} edits announced`);
  }
}

/** The changes of one watch, and what is mirrored of it. */
interface Feed {
  readonly watch: { readonly id: string; readonly sequence: number };
  readonly messages: readonly FeedMessage[];
  readonly items: readonly MirroredItem[];
}

/** Judges the feed, and returns a sentence for each difference from the mirror. */
export function judgeFeed(feeds: readonly Feed[], evidence: Evidence): readonly string[] {
  const messages = feeds.flatMap((feed) => feed.messages);
  const count = String(messages.length);
  const repeated = messages.length - new Set(messages.map(({ attributes }) => attributes['ce-id'])).size;
  evidence.see('G39', true, `${String(repeated)} of ${count} repeated`);
  const replayed = feeds.flatMap((feed) => checkReplay(feed.messages, feed.items));
  const late = replayed.filter((text) => text.includes(' arrived after ')).length;
  evidence.see('G38', late === 0, `${String(late)} of ${count} out of order`);
  const numbered = feeds.map(({ watch, ...feed }) => ({ watch: watch.id, changes: watch.sequence, ...feed }));
  return [...numbered.flatMap(checkNumbers), ...replayed];
}
