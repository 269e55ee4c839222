import { createClockAudit, type ClockAudit } from './clock/audit.ts';
import { createCollection, type Collection } from './collection.ts';
import type { Documents } from './documents.ts';
import type { Faults } from './faults.ts';
import { createFeedReader, type FeedReader } from './feed.ts';
import type { GoogleChannels } from './google-channels.ts';
import { createMeasures, type Measures } from './measures.ts';
import type { Scenario } from './scenario.ts';
import { createSubject, heirOf, type Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** The watches of a run, each with its calendar, its measures and its consumer of the feed. */

export interface Part {
  readonly subject: Subject;
  /** Another watch of the same collection, which takes it over now and then. */
  readonly heir: Subject;
  /** The one of the two that users want, or wanted last. */
  holder: Subject;
  readonly collection: Collection;
  readonly measures: Measures;
  readonly feed: FeedReader;
  /** Of a watch with a clock. */
  readonly clock: ClockAudit | undefined;
}

export interface Actors {
  readonly parts: readonly Part[];
  /** Stands in for a watch where a call concerns none. */
  readonly noSubject: Subject;
  readonly byId: ReadonlyMap<string, Subject>;
  /** Returns the watch of this id, or `noSubject`. */
  readonly subjectOf: (watchId: string | undefined) => Subject;
  readonly ofUser: (user: string) => Subject;
  readonly partOf: (subject: Subject) => Part;
}

/** Returns whether the wanted watch relies on a channel that died silently. */
export function isBlind({ holder }: Part, documents: Documents, channels: GoogleChannels): boolean {
  const id = documents.watches.get(holder.id)?.channel?.id;
  return id !== undefined && channels.isDead(id);
}

export function createActors({ seed, watches }: Scenario, time: Timeline, faults: Faults): Actors {
  const part = (number: number): Part => {
    const subject = createSubject(seed, number);
    const collection = createCollection(subject);
    const measures = createMeasures(subject, time, faults);
    const heir = heirOf(subject);
    return {
      subject,
      heir,
      holder: subject,
      collection,
      measures,
      feed: createFeedReader(),
      clock: subject.hasClock ? createClockAudit([subject, heir], faults) : undefined,
    };
  };
  const parts = watches.map(part);
  const none = part(-1);
  const noSubject = none.subject;
  const bySubject = new Map(
    [...parts, none].flatMap((each) => [
      [each.subject, each],
      [each.heir, each],
    ]),
  );
  const byId = new Map(parts.flatMap(({ subject, heir }) => [subject, heir]).map((each) => [each.id, each]));
  const byUser = new Map(parts.map(({ subject }) => [subject.watchSpec.target.user, subject]));
  return {
    parts,
    noSubject,
    byId,
    subjectOf: (watchId) => byId.get(watchId ?? '') ?? noSubject,
    ofUser: (user) => byUser.get(user) ?? noSubject,
    partOf: (subject) => bySubject.get(subject) ?? none,
  };
}
