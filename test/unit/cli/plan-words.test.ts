/** What `calendar-mirror renew --dry-run` says that renew would do. */
import { expect, test } from 'vitest';
import { channelWords, planWords } from '../../../functions/cli/plan-words.ts';
import type { Channel } from '../../../functions/mirror/channels.ts';
import type { Watch } from '../../../functions/mirror/watch.ts';
import { CHANNEL, newWatch, NOW, sampleWatch, SPEC, WISH } from '../../support/sample-watch.ts';

const HOUR = 3_600_000;
const RULES = { ttlMs: 168 * HOUR, renewBeforeMs: 24 * HOUR, maxStalenessMs: 6 * HOUR, pollMs: HOUR / 4 };
const old = { ...CHANNEL, expiresAt: NOW + 23 * HOUR };

test.each<[string, Watch, string]>([
  ['new', newWatch(), `claims ${WISH.collection}, then opens a channel and polls`],
  ['silent for long', sampleWatch(), 'polls; looks again in 5 h'],
  [
    'about to lose its channel',
    sampleWatch({ channel: old }),
    'opens a channel, polls, and stops channel channel-1',
  ],
  [
    'without push',
    sampleWatch({
      channel: undefined,
      watchCall: { failures: 1, failedAt: NOW, reason: 'pushNotSupportedForRequestedResource' },
    }),
    'makes it polling, polls; looks again in 14 min',
  ],
  [
    'to be removed',
    sampleWatch({ spec: { ...SPEC, removed: 'keep' } }),
    'stops the channel and lets sync remove the rest; looks again in 2 min',
  ],
  [
    'removed',
    sampleWatch({ spec: { ...SPEC, removed: 'keep' }, state: 'removed' }),
    'nothing; looks again in 30 d',
  ],
  ['not to be understood', sampleWatch({ spec: {} }), 'makes it paused (invalidSpec); looks again in 6 h'],
  [
    'of another identity',
    sampleWatch({ collection: 'users/x/settings' }),
    'pauses it (specChanged): it mirrors users/x/settings',
  ],
])('a watch that is %s', (_, watch, words) => {
  expect(planWords(watch, NOW, RULES)).toBe(words);
});

const channel: Channel = {
  ...SPEC,
  id: CHANNEL.id,
  watch: 'watch-1',
  auth: 'oauth',
  state: 'live',
  expiresAt: NOW + HOUR,
  nextDueAt: NOW,
};

test.each<[string, Channel, Watch | undefined, string]>([
  ['serves its watch', channel, sampleWatch(), 'keeps it: it serves its watch'],
  ['was replaced', { ...channel, id: 'other' }, sampleWatch(), 'stops it: it does not serve its watch'],
  ['has lost its watch', channel, undefined, 'stops it: its watch is deleted'],
  [
    'serves a watch that is removed',
    channel,
    sampleWatch({ state: 'removed' }),
    'stops it: it does not serve its watch',
  ],
  ['has ended', { ...channel, expiresAt: NOW }, sampleWatch(), 'forgets it: it has ended'],
])('a channel that %s', (_, given, watch, words) => {
  expect(channelWords(given, watch, NOW)).toBe(words);
});
