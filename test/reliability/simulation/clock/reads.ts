import type { Instance } from '../processes.ts';
import { MINUTE } from '../scenario.ts';
import type { Timeline } from '../timeline.ts';

/** Remembers when each instance has read the agenda of a collection lately. Times are Unix ms. */
export function createReads(time: Timeline) {
  const all = new WeakMap<Instance, Map<string, readonly number[]>>();
  return {
    note: (instance: Instance, collection: string): void => {
      const ofInstance = all.get(instance) ?? new Map<string, readonly number[]>();
      all.set(instance, ofInstance);
      const recent = (ofInstance.get(collection) ?? []).filter((at) => at > time.now() - MINUTE);
      ofInstance.set(collection, [...recent, time.now()]);
    },
    of: (instance: Instance, collection: string): readonly number[] =>
      all.get(instance)?.get(collection) ?? [],
  };
}
