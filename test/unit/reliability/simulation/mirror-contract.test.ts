/** The simulation's mirror keeps the contract that Firestore's keeps. */
import { Timestamp } from '@google-cloud/firestore';
import { describe } from 'vitest';

import { createDocuments } from '../../../reliability/simulation/documents.ts';
import { createMemoryMirror } from '../../../reliability/simulation/mirror.ts';
import { createSubject, type Subject } from '../../../reliability/simulation/subject.ts';
import { testMirror } from '../../../support/mirror-contract/index.ts';

const documents = createDocuments({ now: Date.now }, 0);
const subjects = new Map<string, Subject>();

function subjectOf(id: string): Subject {
  const subject = subjects.get(id) ?? { ...createSubject(1, 0), id };
  subjects.set(id, subject);
  return subject;
}

const ask = async <T>(id: string, done: (subject: Subject) => T): Promise<T> => done(subjectOf(id));
const mirror = createMemoryMirror({ documents, ask: { of: ask, commit: ask, all: async (done) => done() } });

describe('the mirror in memory', () => {
  testMirror({
    mirror,
    writeSpec: async (id, spec, nextDueAt) => {
      documents.writeSpec(subjectOf(id), { ...spec });
      const document = documents.watches.get(id);
      const due = nextDueAt === null ? undefined : Timestamp.fromMillis(nextDueAt);
      if (document) documents.write(document, { nextDueAt: due });
    },
    deleteWatch: async (id) => documents.remove(subjectOf(id)),
  });
});
