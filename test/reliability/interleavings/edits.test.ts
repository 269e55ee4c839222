import { Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Bench } from './bench.ts';
import {
  editedFor,
  closeBenches,
  exploreRace,
  idleFor,
  overwriteDocument,
  TIMEOUT_MS,
  POLL_DUE_MS,
  push,
  renewRun,
  RENEWAL_DUE_MS,
  startBenches,
  STRAYS_STOPPED,
  sync,
  updateDocument,
  type Race,
} from './race.ts';

/** A user edits the watch document while sync or renew works on it, in every order of their effects. */

const now = (bench: Bench): Timestamp => Timestamp.fromMillis(bench.clock.now());

const EDITS: Readonly<
  Record<string, Pick<Race, 'settling'> & { readonly edit: ReturnType<typeof updateDocument> }>
> = {
  'a user who requests a check': { edit: updateDocument((bench) => ({ nextDueAt: now(bench) })) },
  'a user who edits the spec': {
    edit: updateDocument((bench) => ({
      'spec.singleEvents': true,
      'spec.eventTypes': ['default'],
      nextDueAt: now(bench),
    })),
  },
  'a user who requests a purge': {
    edit: updateDocument((bench) => ({ 'spec.removed': 'purge', nextDueAt: now(bench) })),
  },
  'a user who overwrites the document': { edit: overwriteDocument(), settling: STRAYS_STOPPED },
  'a user who deletes and recreates the document': {
    edit: overwriteDocument('deleted first'),
    settling: STRAYS_STOPPED,
  },
  // Without `nextDueAt` the next check may be a poll away.
  'a user who edits the spec and requests no check': {
    edit: updateDocument(() => ({ 'spec.singleEvents': true })),
    settling: { forMs: POLL_DUE_MS },
  },
};

const OTHERS = {
  'sync that finds something': { before: editedFor(10_000), other: sync(push) },
  'sync that finds nothing': { before: idleFor(10_000), other: sync(push) },
  'renew, and a poll is due': { before: editedFor(POLL_DUE_MS), other: renewRun() },
  'renew, and a new channel is due': { before: editedFor(RENEWAL_DUE_MS), other: renewRun() },
};

const RACES = Object.entries(OTHERS).flatMap(([otherName, { before, other }]) =>
  Object.entries(EDITS).map(([name, { edit, ...rest }]): [string, Race] => [
    `${name}, and ${otherName}`,
    { before, actors: [other, edit], ...rest },
  ]),
);

describe('what a user writes is never lost, in any order:', () => {
  let benches: readonly Bench[];

  beforeAll(async () => {
    benches = await startBenches();
  });
  afterAll(() => closeBenches(benches));

  test.each(RACES)(
    '%s',
    async (name, race) => {
      expect((await exploreRace(benches, name, race)).schedules).toBeGreaterThan(1);
    },
    TIMEOUT_MS,
  );
});
