import type { Collection } from './collection.ts';
import type { Documents } from './documents.ts';
import { edit } from './edits.ts';
import type { Faults } from './faults.ts';
import type { GoogleChannels } from './google-channels.ts';
import type { Measures } from './measures.ts';
import { between, exponential, pick } from './random.ts';
import { DAY, endOf, HOUR, MINUTE, type Scenario } from './scenario.ts';
import type { Subject } from './subject.ts';
import type { Timeline } from './timeline.ts';

/** Those who edit calendars, and those who look after watches. */

interface Life {
  readonly scenario: Scenario;
  readonly time: Timeline;
  readonly faults: Faults;
  readonly documents: Documents;
  readonly channels: GoogleChannels;
  readonly collection: Collection;
  readonly measures: Measures;
  readonly tell: (subject: Subject, text: string) => void;
}

/** Mean times between sittings, in which one edit is made or some in a row, and between wishes. */
const BETWEEN_SITTINGS = 16 * HOUR;
const BETWEEN_WISHES = 30 * DAY;
const BURSTS = 0.06;

function sit(subject: Subject, life: Life): void {
  const { time, faults, scenario, channels, collection, measures, tell } = life;
  const random = subject.dice('edits');
  let number = 0;
  const one = (): void => {
    if (time.now() >= endOf(scenario) || faults.isSpared(subject, 'edit')) return;
    number += 1;
    const what = edit(subject.wish.target.resource, { collection, random, now: time.now(), number });
    if (what === undefined) return;
    tell(subject, `edit: ${what}`);
    measures.edited(collection.revision());
    channels.announce(subject);
  };
  const again = (): void => {
    time.after(exponential(random, BETWEEN_SITTINGS), () => {
      const many = random() < BURSTS ? Math.floor(between(random, 3, 20)) : 1;
      for (let each = 0; each < many; each += 1) time.after(between(random, 0, MINUTE / 2) * each, one);
      if (time.now() < endOf(scenario)) again();
    });
  };
  for (let some = Math.floor(between(random, 0, 5)); some > 0; some -= 1) one();
  again();
}

/** Wishes are made, changed, taken back and made again. */
function look(subject: Subject, life: Life): void {
  const { time, faults, scenario, documents, measures, collection, tell } = life;
  const random = subject.dice('wishes');
  let wish: Readonly<Record<string, unknown>> = subject.spec;
  const write = (removed?: 'keep' | 'purge'): void => {
    documents.wish(subject, removed === undefined ? wish : { ...wish, removed });
    measures.want(removed === undefined, collection.revision());
    tell(subject, `wish: ${removed ?? JSON.stringify(wish)}`);
  };
  const again = (): void => {
    time.after(exponential(random, BETWEEN_WISHES), () => {
      if (time.now() >= endOf(scenario) - DAY) return;
      const which = random();
      if (faults.isSpared(subject, 'wish')) again();
      else if (which < 0.3) write();
      else if (which < 0.6 && subject.wish.target.resource === 'events') {
        wish = { ...subject.spec, eventTypes: pick(random, [['default'], ['default', 'focusTime'], []]) };
        write();
      } else {
        write(random() < 0.5 ? 'keep' : 'purge');
        // Wanted again at once, or after a while, or never.
        const back = between(random, 0, 1) ** 3 * 3 * DAY;
        if (random() < 0.1) return;
        time.after(Math.min(back, endOf(scenario) - time.now()), write);
      }
      again();
    });
  };
  time.after(between(random, 0, HOUR), () => {
    write();
    again();
  });
}

/** Begins a watch's life. */
export function live(subject: Subject, life: Life): void {
  sit(subject, life);
  look(subject, life);
}
