import type { Channel } from '../mirror/channels.ts';
import type { Watch } from '../mirror/watch.ts';
import { plan, planChannel, type Plan, type Rules } from '../renew/plan.ts';
import { fromNow } from './times.ts';

/** What renew would do, in words. Pure. */

/** `random` in the middle of its range: what is planned is the same each time. */
const EVEN = 0.5;

/** The watch as it is once it has claimed what it mirrors. */
const claimed = (watch: Watch, collection: string): Watch =>
  watch.collection === collection ? watch : { ...watch, collection, state: 'pending', reason: undefined };

function later(todo: Exclude<Plan, { do: 'open' }>, now: number): string {
  return `; looks again ${fromNow(todo.nextDueAt, now)}`;
}

/** What renew would do about a watch that is due at `now` (Unix ms). */
export function planWords(watch: Watch, now: number, rules: Rules): string {
  const todo = plan(watch, now, rules, EVEN);
  switch (todo.do) {
    case 'rest':
      return `${todo.to ? `makes it ${todo.to.state} (${todo.to.reason ?? 'nothing to give up'})` : 'nothing'}${later(todo, now)}`;
    case 'claim': {
      const { collection } = todo.wish;
      if (watch.collection !== undefined && watch.collection !== collection) {
        return `pauses it (specChanged): it mirrors ${watch.collection}`;
      }
      const next = plan(
        { ...claimed(watch, collection), state: 'pending', reason: undefined },
        now,
        rules,
        EVEN,
      );
      return `claims ${collection}, then ${doing(next)}`;
    }
    case 'remove':
      return `${doing(todo)}${later(todo, now)}`;
    case 'open':
      return doing(todo);
    case 'poll': {
      const state = todo.to ? `makes it ${todo.to.state}, ` : '';
      return `${state}${doing(todo)}${later(todo, now)}`;
    }
  }
}

function doing(todo: Plan): string {
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

/** What renew would do about a channel that is due at `now` (Unix ms). */
export function channelWords(channel: Channel, watch: Watch | undefined, now: number): string {
  switch (planChannel(channel, watch, now)) {
    case 'keep':
      return 'keeps it: it serves its watch';
    case 'stop':
      return `stops it: ${watch === undefined ? 'its watch is deleted' : 'it does not serve its watch'}`;
    case 'forget':
      return 'forgets it: it has ended';
  }
}
