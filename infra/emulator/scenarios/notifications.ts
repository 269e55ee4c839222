/** Trouble with notifications, which Google does not promise to deliver, or to deliver once. */
import * as z from 'zod';
import { type NotificationEffect, resource } from '../faults/fault-rules.ts';
import {
  type Played,
  type Stage,
  type Target,
  often,
  scenario,
  target,
  targetOf,
  times,
} from './scenario.ts';

const matched = { ...target, resource: resource.optional() };

interface Matched extends Target {
  readonly resource?: z.infer<typeof resource> | undefined;
  readonly times: number;
}

/** Adds a rule for notifications of changes. */
function onNotification(stage: Stage, given: Matched, effect: NotificationEffect, did: string): Played {
  const match = {
    ...targetOf(stage, given),
    state: 'exists' as const,
    ...(given.resource !== undefined && { resource: given.resource }),
  };
  const rule = stage.faults.add({ on: 'notification', match, times: given.times, effect });
  return { did: `${did} ${often(given.times)}`, rules: [rule] };
}

export const notificationScenarios = {
  'lost-notification': scenario(
    'The notification of a change is never sent.',
    z.strictObject({ ...matched, times: times(1) }),
    (stage, given) => onNotification(stage, given, { do: 'drop' }, 'notifications are lost'),
  ),
  'duplicate-notification': scenario(
    'A notification arrives more than once, with the same message number.',
    z.strictObject({ ...matched, copies: z.int().min(1).max(100).default(1), times: times(1) }),
    (stage, { copies, ...given }) =>
      onNotification(stage, given, { do: 'duplicate', copies }, `notifications arrive with ${copies} more`),
  ),
  'late-notification': scenario(
    'A notification arrives late, while later ones pass.',
    z.strictObject({ ...matched, ms: z.int().min(1).max(600_000).default(5_000), times: times(1) }),
    (stage, { ms, ...given }) =>
      onNotification(stage, given, { do: 'delay', ms }, `notifications are ${ms} ms late`),
  ),
  'reordered-notification': scenario(
    'A notification arrives after the next one of its channel, or after `maxMs` if there is none.',
    z.strictObject({ ...matched, maxMs: z.int().min(1).max(600_000).default(1_000), times: times(1) }),
    (stage, { maxMs, ...given }) =>
      onNotification(stage, given, { do: 'reorder', maxMs }, 'notifications arrive after the next one'),
  ),
};
