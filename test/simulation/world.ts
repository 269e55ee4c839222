import type { OutgoingMessage } from '../../functions/feed/envelope.ts';
import type { Publish } from '../../functions/feed/publisher.ts';
import { createCalendar } from './calendar-client.ts';
import type { Cast } from './cast.ts';
import { revisionOf } from './collection.ts';
import { createDocuments } from './documents.ts';
import type { Faults } from './faults.ts';
import { createReceive, createRenewContext, createSync, type Surroundings } from './functions.ts';
import { createGoogleChannels } from './google-channels.ts';
import { createMirrorFor, type Store } from './mirror.ts';
import { createCall, createFleet, type Instance } from './processes.ts';
import { createPublisher, createTopic } from './pubsub.ts';
import { between, streamOf } from './random.ts';
import type { Scenario } from './scenario.ts';
import type { Subject } from './subject.ts';
import { createPush } from './subscriber.ts';
import type { Timeline } from './timeline.ts';

/** A deployment: three services in memory, and the instances of the three functions between them. */

interface Setting {
  readonly scenario: Scenario;
  readonly time: Timeline;
  readonly faults: Faults;
  readonly cast: Cast;
  readonly tell: (subject: Subject | undefined, text: string) => void;
  readonly violated: (subject: Subject | undefined, what: string) => void;
  /** Whether anybody listens to the functions' logs. */
  readonly traced: boolean;
}

const INSTANCES = { receive: 4, sync: 6, renew: 1 };
/** How far the clocks of Firestore and Pub/Sub may be from true time, in ms. */
const OFFSET = 400;

/** Whether a message is one that the program, broken on purpose, forgets to publish. */
const isSkipped = ({ sabotage }: Scenario, { attributes }: OutgoingMessage): boolean =>
  sabotage === 'skipPolls' && attributes['reason'] === 'poll';

export function createWorld({ scenario, time, faults, cast, tell, violated, traced }: Setting) {
  const { seed, sabotage } = scenario;
  const { nobody, byId, subjectOf, ofUser, partOf } = cast;
  const random = streamOf(seed, 'world');
  const offset = (): number => Math.round(between(random, -OFFSET, OFFSET));
  const call = createCall(time, faults);
  const documents = createDocuments(time, offset());

  const channels = createGoogleChannels({
    time,
    faults,
    tell,
    sabotage,
    post: (subject, headers) => receives(subject).made(subject, headers),
    opened: (subject) => partOf(subject).measures.opened(),
    ended: (subject, how) => partOf(subject).measures.ended(how),
  });

  let deadLetters = 0;
  const notify = createTopic(
    {
      time,
      faults,
      push: createPush(time, (subject) => syncs(subject), tell),
      deadLetter: (subject) => {
        deadLetters += 1;
        tell(subject, 'a notification was delivered too often, and is given up');
      },
    },
    offset(),
  );

  const consume = (subject: Subject, message: OutgoingMessage): void => {
    if (sabotage === 'dropChange' && message.attributes['sequence']?.endsWith('7') === true) return;
    const problem = partOf(subject).feed.take(message);
    if (traced)
      tell(subject, `feed: ${message.attributes['ce-id'] ?? ''} ${message.attributes['change'] ?? ''}`);
    if (problem !== undefined) violated(subject, problem);
  };

  const store: Store = {
    documents,
    call,
    faults,
    nobody,
    sabotage,
    subjects: byId,
    committed: (subject, { sync, transition, changes = [] }) => {
      const done = sync.traversal === undefined;
      if (traced) {
        const how = sync.failures > 0 ? 'a failure' : done ? 'the end of a sync' : 'a step of a sync';
        tell(subject, `committed: ${how}, ${String(changes.length)} changes up to ${String(sync.sequence)}`);
      }
      if (!done || sync.token === undefined) return;
      // A full sync, or one after which access has returned, finds what no channel can have told.
      const tells = sync.fullStartedAt !== sync.startedAt && transition?.state !== 'pending';
      partOf(subject).measures.mirrored(revisionOf(sync.token), tells);
    },
  };

  const publisherFor = (instance: Instance, take: typeof consume): Publish =>
    createPublisher({ call, time, faults }, take, instance, ({ attributes }) =>
      subjectOf(attributes['watch']),
    );
  let ids = 0;
  const around: Surroundings = {
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
        tell(subject, `calls ${method}`);
      },
    }),
    notificationsFor: (instance) => {
      const publish = publisherFor(instance, notify);
      return (message) =>
        isSkipped(scenario, message) ? Promise.resolve('never published') : publish(message);
    },
    changesFor: (instance) => publisherFor(instance, consume),
    random: streamOf(seed, 'functions'),
    newId: () => {
      ids += 1;
      return `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
    },
    tell: traced ? (watchId, text) => tell(byId.get(watchId ?? ''), text) : undefined,
    violated: (watchId, what) => violated(byId.get(watchId ?? ''), what),
  };
  const fleet = <T>(name: keyof typeof INSTANCES, make: (instance: Instance) => T) =>
    createFleet(name, INSTANCES[name], seed, time, make);
  const receives = fleet('receive', (instance) => createReceive(around, instance));
  const syncs = fleet('sync', (instance) => createSync(around, instance));
  const renews = fleet('renew', (instance) => createRenewContext(around, instance));

  return { documents, channels, renews, deadLetters: (): number => deadLetters };
}
