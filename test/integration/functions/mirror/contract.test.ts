/** Firestore's mirror keeps the contract that the simulation's keeps too. */
import { randomBytes } from 'node:crypto';

import { FieldValue, Timestamp } from '@google-cloud/firestore';
import { afterAll, describe } from 'vitest';

import { createFirestore } from '../../../../functions/firestore/client.ts';
import { createMirror } from '../../../../functions/mirror/index.ts';
import { testMirror } from '../../../support/mirror-contract/index.ts';

const firestore = createFirestore(`demo-${randomBytes(4).toString('hex')}`, '(default)');
afterAll(() => firestore.terminate());

const watch = (id: string) => firestore.doc(`watches/${id}`);

describe('the mirror in Firestore', () => {
  testMirror({
    mirror: createMirror(firestore),
    writeSpec: async (id, spec, nextDueAt) => {
      const due = nextDueAt === null ? FieldValue.delete() : Timestamp.fromMillis(nextDueAt);
      await watch(id).set({ spec, nextDueAt: due }, { mergeFields: ['spec', 'nextDueAt'] });
    },
    deleteWatch: async (id) => {
      await watch(id).delete();
    },
  });
});
