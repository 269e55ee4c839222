/** What `calendar-mirror renew --dry-run` prints. */
import { expect, test } from 'vitest';
import { formatChannel, formatPlan } from '../../../../../infra/cli/format/plan.ts';
import type { Channel } from '../../../../../functions/watches/channels.ts';
import type { Watch } from '../../../../../functions/watches/watch.ts';
import { CHANNEL, newWatch, NOW, sampleWatch, SPEC, WATCH_SPEC } from '../../../../support/sample-watch.ts';

const HOUR = 3_600_000;
const RULES = {
  ttlMs: 168 * HOUR,
  renewBeforeMs: 24 * HOUR,
  maxStalenessMs: 6 * HOUR,
  pollMs: HOUR / 4,
  reconcileMs: Infinity,
};
const old = { ...CHANNEL, expiresAt: NOW + 23 * HOUR };

test.each<[string, Watch, string]>([
  ['new', newWatch(), `claims ${WATCH_SPEC.collection}, then opens a channel and polls`],
  ['silent for long', sampleWatch(), 'polls; checks again in 5 h'],
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
    'sets it to polling, polls; checks again in 14 min',
  ],
  [
    'to be removed',
    sampleWatch({ spec: { ...SPEC, removed: 'keep' } }),
    'stops the channel and lets sync remove the rest; checks again in 2 min',
  ],
  [
    'removed',
    sampleWatch({ spec: { ...SPEC, removed: 'keep' }, state: 'removed' }),
    'nothing; checks again in 30 d',
  ],
  ['invalid', sampleWatch({ spec: {} }), 'sets it to paused (invalidSpec); checks again in 6 h'],
  [
    'of another identity',
    sampleWatch({ collection: 'users/x/settings' }),
    'pauses it (specChanged), as it mirrors users/x/settings',
  ],
])('a watch that is %s', (_, watch, text) => {
  expect(formatPlan(watch, NOW, RULES)).toBe(text);
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
  ['serves its watch', channel, sampleWatch(), 'keeps it, as it serves its watch'],
  ['was replaced', { ...channel, id: 'other' }, sampleWatch(), 'stops it, as it does not serve its watch'],
  ['has lost its watch', channel, undefined, 'stops it, as its watch is deleted'],
  [
    'serves a watch that is removed',
    channel,
    sampleWatch({ state: 'removed' }),
    'stops it, as it does not serve its watch',
  ],
  ['has expired', { ...channel, expiresAt: NOW }, sampleWatch(), 'deletes its document, as it has expired'],
])('a channel that %s', (_, given, watch, text) => {
  expect(formatChannel(given, watch, NOW)).toBe(text);
});
