import { parseSpec, type Wish } from '../../functions/mirror/spec.ts';
import type { Resource } from '../../functions/calendar/resources.ts';
import { streamOf, type Random } from './random.ts';

/** A watch as the simulation knows it: what it is about, and its own dice. */
export interface Subject {
  readonly number: number;
  readonly id: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly wish: Wish;
  /** False for a resource of which Google Calendar tells nothing: holidays and the like. */
  readonly pushable: boolean;
  /** The watch's stream for one purpose. */
  readonly dice: (purpose: string) => Random;
}

/** Of ten watches six are events, two calendar lists. */
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

export function createSubject(seed: number, number: number): Subject {
  const resource = RESOURCES[number % RESOURCES.length] ?? 'events';
  const user = `user-${String(number)}@example.com`;
  const inCalendar = resource === 'events' || resource === 'acl';
  const spec = { user, resource, ...(inCalendar ? { calendarId: user } : {}) };
  const parsed = parseSpec(spec);
  if (!parsed.ok) throw new Error(parsed.problem);
  return {
    number,
    id: `watch-${String(number)}`,
    spec,
    wish: parsed.wish,
    pushable: resource !== 'events' || number % UNPUSHABLE_EVERY !== 9,
    dice: createDice(seed, number),
  };
}
