import { describe, expect, it } from 'vitest';

import { createFaults } from '../../../reliability/simulation/faults.ts';
import { createMeasures } from '../../../reliability/simulation/measures.ts';
import {
  HOUR,
  RATES,
  START,
  type FaultKind,
  type Scenario,
} from '../../../reliability/simulation/scenario.ts';
import { createSubject } from '../../../reliability/simulation/subject.ts';
import { createTimeline } from '../../../reliability/simulation/timeline.ts';

/** What the simulation counts as which kind of gap between channels: bounds differ, so a wrong label hides a wait or invents one. */

const isKind = (name: string): name is FaultKind => name in RATES;

function wantedWatch() {
  const scenario: Scenario = {
    seed: 1,
    days: 9,
    watches: [0],
    without: new Set(Object.keys(RATES).filter(isKind)),
  };
  const time = createTimeline(START);
  const subject = createSubject(1, 0);
  const measures = createMeasures(
    subject,
    time,
    createFaults(scenario, time, () => {}),
  );
  const pass = (hours: number): Promise<void> => time.runUntil(time.now() + hours * HOUR);
  measures.want(true, 0, false);
  measures.opened();
  return {
    measures,
    pass,
    hours: (of: 'opening' | 'died' | 'lapsed') => measures.results().gaps[of].ms / HOUR,
  };
}

describe('a gap between channels', () => {
  it('is silent if the old channel is stopped after the new one has died silently', async () => {
    const { measures, pass, hours } = wantedWatch();
    measures.opened();
    measures.ended(true, true);
    await pass(1);
    measures.ended(true, true);
    await pass(5);
    expect([hours('lapsed'), hours('died')]).toEqual([0, 5]);
  });

  it('is a lapse if the new channel expires, however the old one ended', async () => {
    const { measures, pass, hours } = wantedWatch();
    measures.opened();
    measures.ended(true, false);
    await pass(100);
    measures.ended(true, false);
    await pass(5);
    expect([hours('lapsed'), hours('died')]).toEqual([5, 0]);
  });

  it('is a lapse from the time at which a dead channel would have expired', async () => {
    const { measures, pass, hours } = wantedWatch();
    measures.ended(true, true);
    await pass(5);
    measures.ended(false, false);
    await pass(2);
    expect([hours('lapsed'), hours('died')]).toEqual([2, 5]);
  });

  it('is an opening if a document is overwritten that relied on a dead channel', async () => {
    const { measures, pass, hours } = wantedWatch();
    measures.ended(true, true);
    await pass(5);
    measures.want(true, 0, false);
    await pass(3);
    expect([hours('opening'), hours('died')]).toEqual([3, 5]);
  });
});
