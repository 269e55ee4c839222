import { assumptionIds, ASSUMPTIONS, type AssumptionId } from './assumptions.ts';

/** What a trial has seen of each assumption. */
export interface Sighting {
  readonly id: AssumptionId;
  readonly assumed: string;
  readonly verdict: 'holds' | 'differs' | 'unseen';
  /** In one line, without personal data. */
  readonly seen: string;
}

export type Evidence = ReturnType<typeof createEvidence>;

export function createEvidence() {
  const found = new Map<AssumptionId, { readonly holds: boolean; readonly seen: string }>();
  return {
    /** Records what was seen of an assumption. What differs stays, whatever is seen later. */
    see(id: AssumptionId, holds: boolean, seen: string): void {
      if (found.get(id)?.holds !== false) found.set(id, { holds, seen });
    },
    /** Returns a sighting for each assumption, in their order. */
    sightings: (): readonly Sighting[] =>
      assumptionIds().map((id) => {
        const { holds, seen = '' } = found.get(id) ?? {};
        const verdict = holds === undefined ? 'unseen' : holds ? 'holds' : 'differs';
        return { id, assumed: ASSUMPTIONS[id], verdict, seen };
      }),
  };
}
