import { isBlind, type Part } from './actors.ts';
import type { Documents } from './documents.ts';
import { editClocked } from './clock/edits.ts';
import { anyClock } from './clock/specs.ts';
import { momentsOf, readClock } from './clock/times.ts';
import { edit } from './edits.ts';
import type { Faults } from './faults.ts';
import type { GoogleChannels } from './google-channels.ts';
import { between, exponential, pick } from './random.ts';
import { DAY, endOf, HOUR, lastWithheld, MINUTE, type Scenario } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** Users, who edit calendars and watches. */

interface UserContext {
  readonly scenario: Scenario;
  readonly time: Timeline;
  readonly faults: Faults;
  readonly documents: Documents;
  readonly channels: GoogleChannels;
  readonly trace: (subject: Subject, text: string) => void;
}

/** Mean times between edits of a calendar (one, or some in a row), of a spec and of a time zone. */
const BETWEEN_EDITS = 16 * HOUR;
const BETWEEN_SPEC_EDITS = 30 * DAY;
const BETWEEN_ZONES = 40 * DAY;
const BURSTS = 0.06;
/** The same where the watch has a clock, and the mean time between edits close to a moment, and of a clock. */
const BETWEEN_CLOCKED_EDITS = 8 * HOUR;
const BETWEEN_CLOSE_EDITS = 8 * HOUR;
const BETWEEN_CLOCKS = 15 * DAY;
/** Close to a moment, in ms: from before the first run of renew that could publish it, until shortly after. */
const CLOSE = { before: 4 * MINUTE, after: MINUTE / 2 };

/** Makes an edit close to one of the next moments of a watch's clock. */
function editClosely(
  { subject, collection }: Part,
  { time, scenario }: UserContext,
  editOnce: EditOnce,
): void {
  const clock = readClock(subject.spec);
  if (clock === undefined) return;
  const random = subject.dice('close-edits');
  const again = (): void =>
    time.after(exponential(random, BETWEEN_CLOSE_EDITS), () => {
      const window = { from: time.now() + CLOSE.before, to: time.now() + 6 * HOUR };
      const events = [...collection.expected().values()];
      const moments = momentsOf(events, clock, collection.timeZone(), window);
      if (moments.length > 0) {
        const { event, dueAt } = pick(random, moments);
        const at = dueAt + between(random, -CLOSE.before, CLOSE.after);
        time.after(at - time.now(), () => editOnce(event));
      }
      if (time.now() < endOf(scenario)) again();
    });
  again();
}

/** Edits a calendar, mostly the event of this id where it is given. */
type EditOnce = (eventId?: string) => void;

function editCalendar(part: Part, context: UserContext): void {
  const { subject, collection, measures } = part;
  const { time, faults, scenario, channels, trace } = context;
  const random = subject.dice('edits');
  let number = 0;
  const editOnce: EditOnce = (eventId) => {
    if (time.now() >= endOf(scenario) || faults.isSpared(subject, 'edit')) return;
    number += 1;
    // A withheld edit would hide an earlier change of the item that is not mirrored yet.
    const hidesNone = measures.isMirrored() && time.now() < lastWithheld(scenario);
    const before = collection.revision();
    const editor = { collection, random, now: time.now(), number };
    const what = subject.hasClock
      ? editClocked({ ...editor, single: subject.watchSpec.parameters.singleEvents }, eventId)
      : edit(subject.watchSpec.target.resource, editor);
    if (what === undefined) return;
    trace(subject, `edit: ${what}`);
    if (hidesNone && faults.strikes(subject, 'changeWithheld')) {
      collection.withhold(before);
      measures.withheld(collection.revision());
    } else measures.edited(collection.revision());
    channels.announce(subject);
  };
  const again = (): void => {
    time.after(exponential(random, subject.hasClock ? BETWEEN_CLOCKED_EDITS : BETWEEN_EDITS), () => {
      const many = random() < BURSTS ? Math.floor(between(random, 3, 20)) : 1;
      for (let each = 0; each < many; each += 1) {
        time.after(between(random, 0, MINUTE / 2) * each, () => editOnce());
      }
      if (time.now() < endOf(scenario)) again();
    });
  };
  for (let some = Math.floor(between(random, 0, 5)); some > 0; some -= 1) editOnce();
  again();
  if (subject.hasClock) editClosely(part, context, editOnce);
}

const ZONES = ['UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Asia/Kolkata'] as const;

/** Sets a calendar's time zone now and then, without a notification. */
function editTimeZone(part: Part, context: UserContext): void {
  const { subject, collection } = part;
  const { time, scenario, faults, trace } = context;
  if (subject.watchSpec.target.resource !== 'events') return;
  const random = subject.dice('zones');
  time.after(exponential(random, BETWEEN_ZONES), () => {
    if (time.now() >= endOf(scenario)) return;
    const zone = pick(random, ZONES);
    if (!faults.isSpared(subject, 'zone')) {
      collection.moveTo(zone);
      trace(subject, `time zone: ${zone}`);
    }
    editTimeZone(part, context);
  });
}

/** Creates, edits, removes and recreates watches, overwrites and deletes documents, and passes collections on. */
function editWatch(part: Part, context: UserContext): void {
  const { subject, heir, measures, collection } = part;
  const { time, faults, scenario, documents, trace } = context;
  const random = subject.dice('spec-edits');
  const clocks = subject.dice('clock-edits');
  let watchSpec: Readonly<Record<string, unknown>> = subject.spec;
  /** Until the watch is wanted again. */
  let isAbsent = false;
  const write = (removed?: 'keep' | 'purge', merge = true): void => {
    documents.writeSpec(part.holder, removed === undefined ? watchSpec : { ...watchSpec, removed }, merge);
    measures.want(removed === undefined, collection.revision(), isBlind(part, documents, context.channels));
    trace(
      subject,
      `${merge ? 'spec' : 'overwritten'}: ${part.holder.id} ${removed ?? JSON.stringify(watchSpec)}`,
    );
  };
  /** Requests the watch again after up to `longest` ms, mostly soon. */
  const requestAgain = (longest: number, merge = true): void => {
    isAbsent = true;
    const back = between(random, 0, 1) ** 3 * longest;
    time.after(Math.min(back, endOf(scenario) - time.now()), () => {
      isAbsent = false;
      write(undefined, merge);
    });
  };
  const makeMistake = (): void => {
    switch (Math.floor(random() * 3)) {
      case 0:
        return write(undefined, false);
      case 1:
        documents.remove(part.holder);
        measures.want(false, collection.revision(), false);
        trace(subject, `deleted: the document of ${part.holder.id}`);
        return requestAgain(DAY);
      default:
        write('keep');
        part.holder = part.holder === heir ? subject : heir;
        return requestAgain(DAY, random() < 0.5);
    }
  };
  const again = (): void => {
    time.after(exponential(random, BETWEEN_SPEC_EDITS), () => {
      if (time.now() >= endOf(scenario) - DAY) return;
      const which = random();
      if (isAbsent || faults.isSpared(subject, 'spec')) {
        again();
        return;
      }
      if (which < 0.2) write();
      else if (which < 0.4 && subject.watchSpec.target.resource === 'events') {
        watchSpec = {
          ...subject.spec,
          eventTypes: pick(random, [['default'], ['default', 'focusTime'], []]),
        };
        write();
      } else if (which < 0.7) makeMistake();
      else {
        write(random() < 0.5 ? 'keep' : 'purge');
        // Wanted again at once, later, or never.
        if (random() < 0.1) return;
        requestAgain(3 * DAY);
      }
      again();
    });
  };
  const editClock = (): void => {
    time.after(exponential(clocks, BETWEEN_CLOCKS), () => {
      if (time.now() >= endOf(scenario) - DAY) return;
      if (!isAbsent && !faults.isSpared(subject, 'spec')) {
        const { clock: _, ...others } = watchSpec;
        watchSpec = clocks() < 0.15 ? others : { ...others, clock: anyClock(clocks) };
        write();
      }
      editClock();
    });
  };
  time.after(between(random, 0, HOUR), () => {
    write();
    again();
    if (subject.hasClock) editClock();
  });
}

/** Starts the users of a watch. */
export function startUsers(part: Part, context: UserContext): void {
  editCalendar(part, context);
  editWatch(part, context);
  editTimeZone(part, context);
}
