import { createCollection, type Collection } from './collection.ts';
import type { Faults } from './faults.ts';
import { createFeedReader, type FeedReader } from './feed.ts';
import { createMeasures, type Measures } from './measures.ts';
import type { Scenario } from './scenario.ts';
import { createSubject, type Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** All watches of a run, each with its calendar, its measures and its consumer of the feed. */

export interface Part {
  readonly subject: Subject;
  readonly collection: Collection;
  readonly measures: Measures;
  readonly feed: FeedReader;
}

export interface Cast {
  readonly parts: readonly Part[];
  /** Stands in for a watch where a call concerns none. */
  readonly nobody: Subject;
  readonly byId: ReadonlyMap<string, Subject>;
  /** The watch of this id, or nobody. */
  readonly subjectOf: (watchId: string | undefined) => Subject;
  readonly ofUser: (user: string) => Subject;
  readonly partOf: (subject: Subject) => Part;
}

export function createCast({ seed, watches }: Scenario, time: Timeline, faults: Faults): Cast {
  const part = (number: number): Part => {
    const subject = createSubject(seed, number);
    const collection = createCollection(subject);
    return { subject, collection, measures: createMeasures(subject, time, faults), feed: createFeedReader() };
  };
  const parts = watches.map(part);
  const none = part(-1);
  const nobody = none.subject;
  const bySubject = new Map([...parts, none].map((each) => [each.subject, each]));
  const byId = new Map(parts.map(({ subject }) => [subject.id, subject]));
  const byUser = new Map(parts.map(({ subject }) => [subject.wish.target.user, subject]));
  return {
    parts,
    nobody,
    byId,
    subjectOf: (watchId) => byId.get(watchId ?? '') ?? nobody,
    ofUser: (user) => byUser.get(user) ?? nobody,
    partOf: (subject) => bySubject.get(subject) ?? none,
  };
}
