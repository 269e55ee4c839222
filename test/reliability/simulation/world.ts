import type { OutgoingMessage } from '../../../functions/feed/envelope.ts';
import type { Publish } from '../../../functions/feed/envelope.ts';
import { createReads } from './clock/reads.ts';
import { createCalendar } from './calendar-client.ts';
import { isBlind, type Actors } from './actors.ts';
import { revisionOf } from './collection.ts';
import { createDocuments } from './documents.ts';
import type { Faults } from './faults.ts';
import { createReceive, createRenewContext, createSync, type Environment } from './functions.ts';
import { createGoogleChannels, type GoogleChannels } from './google-channels.ts';
import { createMirrorFor, type Store } from './mirror.ts';
import { createCall, createFleet, type Instance } from './processes.ts';
import { createPublisher, createTopic } from './pubsub.ts';
import { between, streamOf } from './random.ts';
import { MINUTE, RATES, RECONCILE, type Scenario } from './scenario.ts';
import type { Subject } from './subject.ts';
import { createPush } from './subscriber.ts';
import type { Timeline } from './timeline.ts';

/** A deployment: three services in memory, and the instances of the three functions between them. */

interface Setting {
  readonly scenario: Scenario;
  readonly time: Timeline;
  readonly faults: Faults;
  readonly actors: Actors;
  readonly trace: (subject: Subject | undefined, text: string) => void;
  readonly violated: (subject: Subject | undefined, what: string) => void;
  /** Whether the functions' logs are observed. */
  readonly traced: boolean;
}

const INSTANCES = { receive: 4, sync: 6, renew: 1 };
/** How far the clocks of Firestore and Pub/Sub may be from true time, in ms. */
const OFFSET = 400;

/** Returns whether the sabotage drops a message. */
const isSkipped = ({ sabotage }: Scenario, { attributes }: OutgoingMessage): boolean =>
  sabotage === 'skipPolls' && attributes['reason'] === 'poll';

/** Returns a message under an id of its own. */
const renamed = ({ attributes, ...rest }: OutgoingMessage, now: number): OutgoingMessage => ({
  ...rest,
  attributes: { ...attributes, 'ce-id': `${attributes['ce-id'] ?? ''}/${String(now)}` },
});

export function createWorld({ scenario, time, faults, actors, trace, violated, traced }: Setting) {
  const { seed, sabotage } = scenario;
  const { noSubject, byId, subjectOf, ofUser, partOf } = actors;
  const random = streamOf(seed, 'world');
  const offset = (): number => Math.round(between(random, -OFFSET, OFFSET));
  const call = createCall(time, faults);
  const byCollection = new Map(actors.parts.map((part) => [part.subject.watchSpec.collection, part]));
  const documents = createDocuments(time, offset(), sabotage, {
    watch: (watchId, document, now) => partOf(subjectOf(watchId)).clock?.watch(watchId, document, now),
    item: (collection, itemId, document, now) =>
      byCollection.get(collection)?.clock?.item(itemId, document, now),
  });

  const channels: GoogleChannels = createGoogleChannels({
    time,
    faults,
    trace,
    sabotage,
    post: (subject, headers) => receives(subject).made(subject, headers),
    opened: (subject) => partOf(subject).measures.opened(),
    ended: (subject, wasLive) => {
      const part = partOf(subject);
      part.measures.ended(wasLive, isBlind(part, documents, channels));
    },
  });

  const reads = createReads(time);
  let deadLetters = 0;
  const notify = createTopic(
    {
      time,
      faults,
      push: createPush(time, (subject) => syncs(subject), trace),
      deadLetter: (subject) => {
        deadLetters += 1;
        trace(subject, 'a notification was delivered too often, and is dead-lettered');
      },
    },
    offset(),
  );

  const consume = (subject: Subject, message: OutgoingMessage): void => {
    if (sabotage === 'dropChange' && message.attributes['sequence']?.endsWith('7') === true) return;
    const problem = partOf(subject).feed.take(message);
    if (traced)
      trace(subject, `feed: ${message.attributes['ce-id'] ?? ''} ${message.attributes['change'] ?? ''}`);
    if (problem !== undefined) violated(subject, problem);
  };

  const store: Store = {
    documents,
    call,
    faults,
    noSubject,
    sabotage,
    subjects: byId,
    read: (instance, collection) => reads.note(instance, collection),
    committed: (subject, { sync, transition, changes = [], clock }, before) => {
      if (clock && sync.startedAt === before.startedAt && changes.length === 0) {
        if (traced) trace(subject, `committed: the clock until ${new Date(clock.until).toISOString()}`);
        return;
      }
      const done = sync.traversal === undefined;
      if (traced) {
        const how = sync.failures > 0 ? 'a failure' : done ? 'the end of a sync' : 'a step of a sync';
        trace(subject, `committed: ${how}, ${String(changes.length)} changes up to ${String(sync.sequence)}`);
      }
      if (sync.failures > 0) {
        partOf(subject).measures.hindered();
        return;
      }
      if (!done || sync.token === undefined) return;
      // What a full sync finds, or the first sync after access returned, no channel can have announced.
      const full = sync.fullStartedAt === sync.startedAt;
      if (full && sync.suspectChannelId !== undefined && sync.suspectChannelId !== before.suspectChannelId) {
        violated(subject, `what a full sync found is blamed on channel ${sync.suspectChannelId}`);
      }
      const notified = !full && transition?.state !== 'pending';
      partOf(subject).measures.mirrored(revisionOf(sync.token), { full, notified });
    },
  };

  const publisherFor = (instance: Instance, take: typeof consume): Publish =>
    createPublisher({ call, time, faults }, take, instance, ({ attributes }) =>
      subjectOf(attributes['watch']),
    );
  let ids = 0;
  const environment: Environment = {
    time,
    mirrorFor: (instance) => createMirrorFor(store, instance),
    calendarFor: createCalendar({
      time,
      faults,
      call,
      channels,
      subjectOf: ofUser,
      collectionOf: (subject) => partOf(subject).collection,
      called: (subject, method) => {
        partOf(subject).measures.called(method);
        trace(subject, `calls ${method}`);
      },
    }),
    notificationsFor: (instance) => {
      const publish = publisherFor(instance, notify);
      return (message) =>
        isSkipped(scenario, message) ? Promise.resolve('not published') : publish(message);
    },
    changesFor: (instance) => publisherFor(instance, consume),
    clockAheadMs: sabotage === 'earlyClock' ? 5 * MINUTE : 0,
    clockFor: (instance) =>
      publisherFor(instance, (subject, sent) => {
        const message = sabotage === 'newMomentIds' ? renamed(sent, time.now()) : sent;
        trace(subject, `clock: ${message.attributes['ce-id'] ?? ''}`);
        const clock = Math.max(instance.now(), documents.now());
        const publisher = { clock, reads: reads.of(instance, subject.watchSpec.collection) };
        const problem = partOf(subject).clock?.published(message, time.now(), publisher);
        if (problem !== undefined) violated(subject, problem);
      }),
    isOf: (watchId, subject) => byId.get(watchId)?.number === subject.number,
    reconcileMs: sabotage === 'neverReconcile' ? Infinity : RECONCILE,
    random: streamOf(seed, 'functions'),
    newId: () => {
      ids += 1;
      return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
    },
    trace: traced ? (watchId, text) => trace(byId.get(watchId ?? ''), text) : undefined,
    hindered: (watchId, ifDue = false) => {
      const document = documents.watches.get(watchId ?? '');
      // A watch that is due for its clock alone needs no sync.
      const due = Math.max(document?.due ?? Infinity, document?.checkAt ?? 0);
      if (!ifDue || due <= documents.now()) partOf(subjectOf(watchId)).measures.hindered();
    },
    dropped: (watchId, span) =>
      sabotage === 'dropSilently' ? undefined : partOf(subjectOf(watchId)).clock?.dropped(watchId, span),
    violated: (watchId, what) => violated(byId.get(watchId ?? ''), what),
  };
  /** A function whose clock is wrong may be late. */
  const noticing =
    <T>(start: (subject: Subject) => { readonly instance: Instance; readonly made: T }) =>
    (subject: Subject) => {
      const started = start(subject);
      if (started.instance.isWrong) faults.noteWrongClock(subject === noSubject ? undefined : subject);
      return started;
    };
  const wrongClocks = scenario.without?.has('clockWrong') === true ? 0 : RATES.clockWrong;
  const fleet = <T>(name: keyof typeof INSTANCES, make: (instance: Instance) => T) =>
    createFleet(name, INSTANCES[name], { seed, wrongClocks }, time, make);
  const receives = fleet('receive', (instance) => createReceive(environment, instance));
  const syncs = noticing(fleet('sync', (instance) => createSync(environment, instance)));
  const renews = noticing(fleet('renew', (instance) => createRenewContext(environment, instance)));

  return { documents, channels, renews, deadLetters: (): number => deadLetters };
}
