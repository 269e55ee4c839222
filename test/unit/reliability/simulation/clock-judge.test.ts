import { describe, expect, test } from 'vitest';

import { judge, NO_FIGURES, type Evidence } from '../../../reliability/simulation/clock/judge.ts';
import { createKnowledge } from '../../../reliability/simulation/clock/knowledge.ts';
import { HOUR, MINUTE, START } from '../../../reliability/simulation/scenario.ts';

/** How the simulation judges the messages of a clock. */

const DUE = START + 10 * HOUR;
const KEY = 'watch-1/event/start';

interface Case {
  /** When the message is accepted, and whether it says that it is late. */
  readonly at?: number;
  readonly late?: boolean;
  /** Since when, and until when, the mirror implied the moment. */
  readonly from?: number;
  readonly to?: number;
  readonly editedAt?: number;
  /** When there was trouble. */
  readonly trouble?: readonly [number, number];
  readonly fault?: boolean;
  readonly dropped?: boolean;
}

function judged({ at, late, from = START, to = START + 20 * HOUR, ...given }: Case) {
  const { editedAt = START, trouble = [0, 0], fault = false, dropped = false } = given;
  const messages =
    at === undefined ? [] : [{ at, late: late ?? at > DUE, editedAt, clock: at, reads: [at - 100] }];
  const span = { service: 'owed' as const, from, to };
  const moment = {
    event: 'event',
    startsAt: DUE,
    endsAt: DUE + HOUR,
    name: 'start',
    dueAt: DUE,
    spans: [span],
  };
  const evidence: Evidence = {
    implied: new Map([[KEY, moment]]),
    published: at === undefined ? new Map() : new Map([[KEY, messages]]),
    dropped: dropped ? [{ from: DUE - HOUR, to: DUE + HOUR }] : [],
    trouble: (begin, end) => Math.max(0, Math.min(end, trouble[1]) - Math.max(begin, trouble[0])),
    delayedBy: () => (fault ? 'fault' : undefined),
  };
  const { published: _, ...figures } = judge(evidence).figures;
  return Object.entries(figures).flatMap(([name, count]) => (count > 0 ? [name] : []));
}

describe('a moment is judged', () => {
  test.each<[string, Case, readonly string[]]>([
    ['in time', { at: DUE - MINUTE }, []],
    ['early, more than 90 s before it is due', { at: DUE - 91_000 }, ['early']],
    ['late, a second after it was due', { at: DUE + 1000 }, ['late']],
    ['late after a fault', { at: DUE + MINUTE, fault: true }, ['lateAfterFaults']],
    ['late, if a single fault delays it for too long', { at: DUE + 6 * MINUTE, fault: true }, ['late']],
    ['late in trouble', { at: DUE + 30 * MINUTE, trouble: [DUE - MINUTE, DUE + HOUR] }, ['lateInTrouble']],
    ['learned late', { at: DUE + 9000, from: DUE - 1000 }, ['learnedLate']],
    ['late, long after it was learned', { at: DUE + MINUTE, from: DUE - 1000 }, ['late']],
    ['wrong, once the event has moved', { at: DUE - MINUTE, to: DUE - 2 * MINUTE }, ['wrong']],
    [
      'wrong, if it does not say that it is late',
      { at: DUE + MINUTE, late: false, fault: true },
      ['lateAfterFaults', 'wrong'],
    ],
    [
      'needless, of a time that had passed',
      { at: DUE + 9000, from: DUE + 8000, editedAt: DUE + 5000 },
      ['needless'],
    ],
    ['missing', {}, ['missing']],
    ['missing, if it was dropped without trouble', { dropped: true }, ['missing']],
    ['missing, if it was dropped without a word', { trouble: [DUE - MINUTE, DUE + 2 * HOUR] }, ['missing']],
    [
      'not owed, if trouble lasted since its clock was edited',
      { from: DUE - HOUR, trouble: [DUE - HOUR, DUE + 2 * HOUR] },
      [],
    ],
    ['dropped in trouble', { dropped: true, trouble: [DUE - MINUTE, DUE + 2 * HOUR] }, ['dropped']],
    ['withdrawn before it was due', { to: DUE - 1000 }, []],
    [
      'withdrawn by the end of the trouble',
      { to: DUE + 2 * HOUR, trouble: [DUE - MINUTE, DUE + 2 * HOUR] },
      [],
    ],
  ])('%s', (_, given, expected) => {
    expect(judged(given)).toEqual(expected);
  });

  test('wrong, if it was never implied', () => {
    const at = DUE - MINUTE;
    const message = { at, late: false, editedAt: START, clock: at, reads: [at] };
    const evidence: Evidence = {
      implied: new Map(),
      published: new Map([[KEY, [message, message]]]),
      dropped: [],
      trouble: () => 0,
      delayedBy: () => undefined,
    };
    expect(judge(evidence).figures).toEqual({ ...NO_FIGURES, published: 1, copies: 1, wrong: 2 });
  });
});

const timed = (at: number) => ({ dateTime: new Date(at).toISOString() });

test('knowledge of the mirror implies moments for as long as event, clock and service stay', () => {
  const knowledge = createKnowledge('watch-1', START);
  const event = { id: 'event', start: timed(DUE), end: timed(DUE + HOUR) };
  const clock = { moments: ['-PT10M', 'start'], allDay: false };
  const at = (minutes: number): number => DUE + minutes * MINUTE;
  knowledge.watch({ service: 'owed', clock, timeZone: 'UTC' }, at(-60));
  knowledge.item('event', { data: event }, at(-50));
  knowledge.item('other', { data: { id: 'other' } }, at(-40));
  knowledge.watch({ service: 'allowed', clock, timeZone: 'UTC' }, at(-5));
  knowledge.item('event', null, at(1));
  const implied = [...knowledge.implied(at(30)).values()];
  expect(implied.map(({ name, dueAt, spans }) => [name, dueAt, spans])).toEqual([
    [
      '-PT10M',
      at(-10),
      [
        { service: 'owed', from: at(-40), to: at(-5) },
        { service: 'allowed', from: at(-5), to: at(1) },
      ],
    ],
    [
      'start',
      at(0),
      [
        { service: 'owed', from: at(-40), to: at(-5) },
        { service: 'allowed', from: at(-5), to: at(1) },
      ],
    ],
  ]);
});
