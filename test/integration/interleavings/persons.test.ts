import { Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Lane } from '../../support/interleave/lane.ts';
import {
  editedFor,
  closeLanes,
  exploreOn,
  idleFor,
  PATIENCE_MS,
  person,
  POLL_DUE_MS,
  push,
  renewal,
  RENEWAL_DUE_MS,
  startLanes,
  sync,
  type Pair,
} from '../../support/interleave/pair.ts';

/** A person who edits the watch document while sync or renew is at it, in every order of their effects. */

const now = (lane: Lane): Timestamp => Timestamp.fromMillis(lane.clock.now());

const EDITS: Readonly<
  Record<string, Pick<Pair, 'aftermath'> & { readonly edit: ReturnType<typeof person> }>
> = {
  'a person who wants a look': { edit: person((lane) => ({ nextDueAt: now(lane) })) },
  'a person who edits the spec': {
    edit: person((lane) => ({
      'spec.singleEvents': true,
      'spec.eventTypes': ['default'],
      nextDueAt: now(lane),
    })),
  },
  'a person who wants a purge': {
    edit: person((lane) => ({ 'spec.removed': 'purge', nextDueAt: now(lane) })),
  },
  // Without `nextDueAt` the next look may be a poll away.
  'a person who edits the spec and leaves the look to its time': {
    edit: person(() => ({ 'spec.singleEvents': true })),
    aftermath: { forMs: POLL_DUE_MS },
  },
};

const OTHERS = {
  'sync that finds something': { before: editedFor(10_000), other: sync(push) },
  'sync that finds nothing': { before: idleFor(10_000), other: sync(push) },
  'renew, and a poll is due': { before: editedFor(POLL_DUE_MS), other: renewal() },
  'renew, and a new channel is due': { before: editedFor(RENEWAL_DUE_MS), other: renewal() },
};

const PAIRS = Object.entries(OTHERS).flatMap(([otherName, { before, other }]) =>
  Object.entries(EDITS).map(([name, { edit, ...rest }]): [string, Pair] => [
    `${name}, and ${otherName}`,
    { before, parties: [other, edit], ...rest },
  ]),
);

describe('what a person writes is never lost, in any order:', () => {
  let lanes: readonly Lane[];

  beforeAll(async () => {
    lanes = await startLanes();
  });
  afterAll(() => closeLanes(lanes));

  test.each(PAIRS)(
    '%s',
    async (name, pair) => {
      expect((await exploreOn(lanes, name, pair)).schedules).toBeGreaterThan(1);
    },
    PATIENCE_MS,
  );
});
