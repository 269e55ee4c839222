import { isDeepStrictEqual } from 'node:util';

import type { OutgoingMessage } from '../../../../functions/feed/envelope.ts';
import type { Faults } from '../faults.ts';
import { START } from '../scenario.ts';
import type { Stored, WatchDocument } from '../documents.ts';
import type { Subject } from '../subject.ts';
import { judge, NO_FIGURES, sumOf, type ClockFigures, type Published, type Publisher } from './judge.ts';
import { createKnowledge, momentId, momentKey, type ClockState, type Service } from './knowledge.ts';
import { readClock } from './times.ts';

/** Follows the clocks of one collection: what its mirror knew, and what was published. */

function serviceOf({ state, sync, collection }: WatchDocument): Service {
  if (collection === undefined || sync.completedAt === undefined) return 'none';
  if (state === 'active' || state === 'polling') return sync.token === undefined ? 'allowed' : 'owed';
  return state === 'pending' ? 'allowed' : 'none';
}

function stateOf(document: WatchDocument | undefined): ClockState {
  const { timeZone = 'UTC' } = document?.sync ?? {};
  if (document === undefined || !document.spec.ok || document.spec.value.removed !== undefined)
    return { service: 'none', clock: undefined, timeZone };
  return { service: serviceOf(document), clock: readClock(document.raw), timeZone };
}

interface Data {
  readonly watchId: string;
  readonly user: string;
  readonly calendarId: string;
  readonly eventId: string;
  readonly moment: string;
  readonly dueAt: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly late?: boolean;
  readonly event: { readonly updated: string };
}

/** Returns what is wrong with the form of a message. */
function malformed({ attributes, orderingKey }: OutgoingMessage, data: Data): string | undefined {
  const { watchId, user, calendarId, eventId, moment, dueAt, startsAt } = data;
  const id = momentId(watchId, { event: eventId, startsAt: Date.parse(startsAt), name: moment });
  const type = moment === 'end' ? 'ended' : moment.startsWith('-') ? 'upcoming' : 'started';
  const expected = {
    'ce-id': id,
    'ce-type': `calendar.clock.${type}`,
    'ce-subject': `users/${user}/calendars/${calendarId}/events/${eventId}`,
    watch: watchId,
    user,
    calendar: calendarId,
    event: eventId,
    moment,
  };
  for (const [name, value] of Object.entries(expected)) {
    if (attributes[name] !== value)
      return `the ${name} of a message is ${String(attributes[name])}, not ${value}`;
  }
  if (Date.parse(attributes['ce-time'] ?? '') !== Date.parse(dueAt)) return `${id} has a time of its own`;
  return /^(.*)\/\d+$/.exec(orderingKey)?.[1] === watchId ? undefined : `${id} has the key ${orderingKey}`;
}

export function createClockAudit(subjects: readonly Subject[], faults: Faults) {
  const watches = new Map(
    subjects.map(({ id }) => [
      id,
      {
        knowledge: createKnowledge(id, START),
        published: new Map<string, Published[]>(),
        dropped: new Array<{ from: number; to: number }>(),
      },
    ]),
  );
  /** What a message said, without what may differ between copies, by its id. */
  const contents = new Map<string, unknown>();

  return {
    item: (id: string, document: Stored | null, now: number): void => {
      for (const { knowledge } of watches.values()) knowledge.item(id, document, now);
    },
    watch: (watchId: string, document: WatchDocument | undefined, now: number): void => {
      watches.get(watchId)?.knowledge.watch(stateOf(document), now);
    },
    /** Called when moments up to `to` were dropped. */
    dropped: (watchId: string, span: { readonly from: number; readonly to: number }): void => {
      watches.get(watchId)?.dropped.push(span);
    },
    /** Takes a message that Pub/Sub has accepted. Returns what is wrong with it. */
    published: (message: OutgoingMessage, at: number, publisher: Publisher): string | undefined => {
      const data: Data = JSON.parse(message.data.toString('utf8'));
      const { watchId, eventId, moment, dueAt, startsAt, late = false, event } = data;
      const id = message.attributes['ce-id'] ?? '';
      const watch = watches.get(watchId);
      if (watch === undefined) return `${id} is of another collection`;
      const key = momentKey(id, Date.parse(dueAt));
      const of = watch.published.get(key) ?? [];
      watch.published.set(key, of);
      of.push({ at, late, editedAt: Date.parse(event.updated), ...publisher });
      const content = { eventId, moment, startsAt };
      const known = contents.get(id) ?? content;
      contents.set(id, known);
      if (!isDeepStrictEqual(known, content)) return `${id} came with two contents`;
      return malformed(message, data);
    },
    /** Returns the figures of both watches, and what is wrong. */
    results: (
      subject: Subject,
      now: number,
    ): { readonly figures: ClockFigures; readonly problems: readonly string[] } => {
      const judged = Array.from(watches.values(), ({ knowledge, ...evidence }) =>
        judge({
          ...evidence,
          implied: knowledge.implied(now),
          trouble: (from, to) => faults.excused(subject, from, to),
          delayedBy: (from, to) => faults.delayed(subject, from, to),
        }),
      );
      return {
        figures: judged.reduce((sum, { figures }) => sumOf(sum, figures), NO_FIGURES),
        problems: judged.flatMap(({ problems }) => problems),
      };
    },
  };
}

export type ClockAudit = ReturnType<typeof createClockAudit>;
