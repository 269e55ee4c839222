import type { Faults, Service } from './faults.ts';
import { between, streamOf } from './random.ts';
import { MINUTE } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** Instances of the functions: each with a clock of its own that is up to a minute wrong, and mortal. */

export interface Instance {
  readonly name: string;
  readonly isAlive: () => boolean;
  /** It was told to end, and gets nothing more to do. */
  readonly isEnding: () => boolean;
  /** Its own clock. Unix ms. */
  readonly now: () => number;
  /** Ends it: nothing that it awaits ever comes back. */
  readonly die: () => void;
  /** Tells it to end; some seconds later it does, done or not. */
  readonly end: () => void;
  /** Something to be done should it die; the returned function takes that back. */
  readonly onDeath: (happen: () => void) => () => void;
}

/** How long an instance has to hand back what it is at, in ms. */
const SHUTDOWN = 8000;

function createInstance(name: string, skew: number, time: Timeline): Instance {
  const watchers = new Set<() => void>();
  let alive = true;
  let ending = false;
  const die = (): void => {
    if (!alive) return;
    alive = false;
    for (const each of watchers) each();
    watchers.clear();
  };
  return {
    name,
    isAlive: () => alive,
    isEnding: () => ending || !alive,
    now: () => time.now() + skew,
    die,
    end: () => {
      ending = true;
      time.after(SHUTDOWN, die);
    },
    onDeath: (happen) => {
      watchers.add(happen);
      return () => void watchers.delete(happen);
    },
  };
}

/** Some instances of one function; one that has died is replaced. */
export function createFleet<T>(
  name: string,
  size: number,
  seed: number,
  time: Timeline,
  make: (instance: Instance) => T,
): (subject: Subject) => { readonly instance: Instance; readonly made: T } {
  const random = streamOf(seed, name);
  let born = 0;
  const start = () => {
    born += 1;
    const skew = Math.round(between(random, -MINUTE, MINUTE));
    const instance = createInstance(`${name}-${String(born)}`, skew, time);
    return { instance, made: make(instance) };
  };
  const fleet = Array.from({ length: size }, start);
  return (subject) => {
    const at = Math.floor(subject.dice(name)() * size);
    let chosen = fleet[at];
    if (chosen === undefined || chosen.instance.isEnding()) {
      chosen = start();
      fleet[at] = chosen;
    }
    return chosen;
  };
}

/** How one service fails: before it has done anything, or after. */
export interface Manners {
  readonly service: Service;
  /** Ms from the caller to the service, least and most. */
  readonly latency: readonly [number, number];
  readonly unavailable: (subject: Subject) => Error | undefined;
  /** Told when the service is out altogether. */
  readonly whenOut?: () => void;
  readonly lost: (subject: Subject) => Error | undefined;
  /** Ms that a caller waits for a service that is out, at most. */
  readonly patience: number;
}

/** One call to a service. It is done at one moment; the answer may come later, or never. */
export type Call = <T>(instance: Instance, subject: Subject, manners: Manners, done: () => T) => Promise<T>;

/** An error of the outside world's making, as opposed to one of the program's. */
export class Injected extends Error {
  override readonly name = 'Injected';
}

export function createCall(time: Timeline, faults: Faults): Call {
  return (instance, subject, manners, done) =>
    new Promise((resolve, reject) => {
      if (!instance.isAlive()) return;
      const random = subject.dice('latency');
      const { service, latency, patience } = manners;
      if (faults.strikes(subject, 'processEnds')) instance.end();
      const dies = faults.strikes(subject, 'processDies');
      if (dies && random() < 0.5) {
        instance.die();
        return;
      }
      const answer = (ms: number, happen: () => void): void =>
        time.resume(ms, () => {
          if (instance.isAlive()) happen();
        });
      time.resume(between(random, ...latency), () => {
        // What was sent arrives, whether its sender lives or not.
        if (faults.isOut(service)) {
          manners.whenOut?.();
          const error = new Injected(`${service} is out`);
          answer(between(random, 100, patience), () => reject(error));
          return;
        }
        const refused = manners.unavailable(subject);
        if (refused) {
          answer(0, () => reject(refused));
          return;
        }
        // One answer in eight takes its time, so that others come in between.
        const late = random() < 0.125 ? between(random, 0, 3000) : 0;
        let settle: () => void;
        try {
          const value = done();
          const lost = manners.lost(subject);
          settle = lost ? () => reject(lost) : () => resolve(value);
        } catch (error) {
          settle = () => reject(error);
        }
        if (dies) instance.die();
        if (late > 0) answer(late, settle);
        else if (instance.isAlive()) settle();
      });
    });
}
