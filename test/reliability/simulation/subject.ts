import { parseSpec, type WatchSpec } from '../../../functions/watches/spec.ts';
import type { Resource } from '../../../functions/calendar/resources.ts';
import { clockFields } from './clock/specs.ts';
import { streamOf, type Random } from './random.ts';

/** A watch of the simulation, with its own random numbers. */
export interface Subject {
  readonly number: number;
  readonly id: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly watchSpec: WatchSpec;
  /** Whether the watch has a clock, at least to begin with. */
  readonly hasClock: boolean;
  /** False for a resource without push notifications, such as holidays. */
  readonly pushable: boolean;
  /** Returns the watch's random stream for one purpose. */
  readonly dice: (purpose: string) => Random;
}

/** Of ten watches six are of events, and two of calendar lists. */
const RESOURCES: readonly Resource[] = [
  'events',
  'events',
  'acl',
  'events',
  'calendarList',
  'events',
  'settings',
  'events',
  'calendarList',
  'events',
];
const UNPUSHABLE_EVERY = 40;

function createDice(seed: number, number: number): (purpose: string) => Random {
  const streams = new Map<string, Random>();
  return (purpose) => {
    const known = streams.get(purpose);
    if (known !== undefined) return known;
    const made = streamOf(seed, number, purpose);
    streams.set(purpose, made);
    return made;
  };
}

/** Returns a watch of the same collection with another id. */
export const heirOf = (subject: Subject): Subject => ({ ...subject, id: `${subject.id}-heir` });

export function createSubject(seed: number, number: number): Subject {
  const resource = RESOURCES[number % RESOURCES.length] ?? 'events';
  const user = `user-${String(number)}@example.com`;
  const inCalendar = resource === 'events' || resource === 'acl';
  const clock = resource === 'events' ? clockFields(number) : {};
  const spec = { user, resource, ...(inCalendar ? { calendarId: user } : {}), ...clock };
  const parsed = parseSpec(spec);
  if (!parsed.ok) throw new Error(parsed.problem);
  return {
    number,
    id: `watch-${String(number)}`,
    spec,
    watchSpec: parsed.value,
    hasClock: 'clock' in clock,
    pushable: resource !== 'events' || number % UNPUSHABLE_EVERY !== 9,
    dice: createDice(seed, number),
  };
}
