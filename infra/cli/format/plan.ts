import type { Channel } from '../../../functions/watches/channels.ts';
import type { Watch } from '../../../functions/watches/watch.ts';
import { plan, planChannel, type Plan } from '../../../functions/renew/plan.ts';
import type { Rules } from '../../../functions/renew/schedule.ts';
import { fromNow } from '../../terminal/times.ts';

/** Descriptions of what renew would do. Pure. */

/** In place of a random number from 0 to 1, so that a plan is always the same. */
const NO_JITTER = 0.5;

/** Returns the watch as it will be when it has claimed its collection. */
const claimed = (watch: Watch, collection: string): Watch =>
  watch.collection === collection ? watch : { ...watch, collection, state: 'pending', reason: undefined };

function later(todo: Exclude<Plan, { do: 'open' }>, now: number): string {
  return `; checks again ${fromNow(todo.nextDueAt, now)}`;
}

/** Describes what renew would do with a watch that is due at `now` (Unix ms). */
export function formatPlan(watch: Watch, now: number, rules: Rules): string {
  const todo = plan(watch, now, rules, NO_JITTER);
  switch (todo.do) {
    case 'rest':
      return `${todo.to ? `sets it to ${todo.to.state} (${todo.to.reason ?? 'nothing to remove'})` : 'nothing'}${later(todo, now)}`;
    case 'claim': {
      const { collection } = todo.watchSpec;
      if (watch.collection !== undefined && watch.collection !== collection) {
        return `pauses it (specChanged), as it mirrors ${watch.collection}`;
      }
      const next = plan(
        { ...claimed(watch, collection), state: 'pending', reason: undefined },
        now,
        rules,
        NO_JITTER,
      );
      return `claims ${collection}, then ${formatAction(next)}`;
    }
    case 'remove':
      return `${formatAction(todo)}${later(todo, now)}`;
    case 'open':
      return formatAction(todo);
    case 'poll': {
      const state = todo.to ? `sets it to ${todo.to.state}, ` : '';
      return `${state}${formatAction(todo)}${later(todo, now)}`;
    }
  }
}

function formatAction(todo: Plan): string {
  switch (todo.do) {
    case 'open':
      return todo.replaces === undefined
        ? 'opens a channel and polls'
        : `opens a channel, polls, and stops channel ${todo.replaces.id}`;
    case 'poll':
      return 'polls';
    case 'remove':
      return 'stops the channel and lets sync remove the rest';
    case 'rest':
      return 'rests';
    case 'claim':
      return 'claims its collection';
  }
}

/** Describes what renew would do with a channel that is due at `now` (Unix ms). */
export function formatChannel(channel: Channel, watch: Watch | undefined, now: number): string {
  switch (planChannel(channel, watch, now)) {
    case 'keep':
      return 'keeps it, as it serves its watch';
    case 'stop':
      return `stops it, as ${watch === undefined ? 'its watch is deleted' : 'it does not serve its watch'}`;
    case 'forget':
      return 'deletes its document, as it has expired';
  }
}
