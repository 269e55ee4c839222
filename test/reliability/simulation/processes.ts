import type { Service } from './causes.ts';
import type { Faults } from './faults.ts';
import { between, streamOf } from './random.ts';
import { MINUTE } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** Instances of the functions. The clock of most is right to the second, that of some up to a minute wrong, and each may die. */

export interface Instance {
  readonly name: string;
  readonly isAlive: () => boolean;
  /** It was told to shut down, and gets no more work. */
  readonly isEnding: () => boolean;
  /** Its own clock. Unix ms. */
  readonly now: () => number;
  /** Whether its clock is wrong by more than a second. */
  readonly isWrong: boolean;
  /** Kills it: nothing that it awaits ever resolves. */
  readonly die: () => void;
  /** Tells it to shut down; some seconds later it dies, whatever is still under way. */
  readonly end: () => void;
  /** Registers a callback for its death; returns a function that unregisters it. */
  readonly onDeath: (happen: () => void) => () => void;
}

/** How long an instance has to finish after it was told to shut down, in ms. */
const SHUTDOWN = 8000;

/** How wrong a clock may be that counts as right, in ms. */
const RIGHT = 1000;

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
    isWrong: Math.abs(skew) > RIGHT,
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

/** Creates the instances of one function. One that dies is replaced. `wrongClocks`: the share of those whose clock is wrong. */
export function createFleet<T>(
  name: string,
  size: number,
  { seed, wrongClocks }: { readonly seed: number; readonly wrongClocks: number },
  time: Timeline,
  make: (instance: Instance) => T,
): (subject: Subject) => { readonly instance: Instance; readonly made: T } {
  const random = streamOf(seed, name);
  let born = 0;
  const start = () => {
    born += 1;
    const most = random() < wrongClocks ? MINUTE : RIGHT;
    const skew = Math.round(between(random, -most, most));
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

/** How calls of a service behave: how long they take, and how they fail, before or after they had their effect. */
export interface ServiceProfile {
  readonly service: Service;
  /** Least and most ms from the caller to the service. */
  readonly latency: readonly [number, number];
  readonly unavailable: (subject: Subject) => Error | undefined;
  /** Called when the service is out altogether. */
  readonly whenOut?: () => void;
  readonly lost: (subject: Subject) => Error | undefined;
  /** How long a caller waits for a service that is out, at most, in ms. */
  readonly timeoutMs: number;
}

/** Calls a service. The effect happens at one moment; the answer may come later, or never. */
export type Call = <T>(
  instance: Instance,
  subject: Subject,
  profile: ServiceProfile,
  done: () => T,
) => Promise<T>;

/** An error that the simulation injects. */
export class Injected extends Error {
  override readonly name = 'Injected';
  /** UNAVAILABLE, as Firestore's client reports it (https://grpc.io/docs/guides/status-codes/). */
  readonly code = 14;
}

export function createCall(time: Timeline, faults: Faults): Call {
  return (instance, subject, profile, done) =>
    new Promise((resolve, reject) => {
      if (!instance.isAlive()) return;
      const random = subject.dice('latency');
      const { service, latency, timeoutMs } = profile;
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
        // A request that was sent arrives, even if its sender has died.
        if (faults.isOut(service)) {
          profile.whenOut?.();
          const error = new Injected(`${service} is out`);
          answer(between(random, 100, timeoutMs), () => reject(error));
          return;
        }
        const refused = profile.unavailable(subject);
        if (refused) {
          answer(0, () => reject(refused));
          return;
        }
        // One answer in eight is late, so that other effects come in between.
        const late = random() < 0.125 ? between(random, 0, 3000) : 0;
        let settle: () => void;
        try {
          const value = done();
          const lost = profile.lost(subject);
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
