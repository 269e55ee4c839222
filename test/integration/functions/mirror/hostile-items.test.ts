/** Whatever is fit for a document by our own count is one that Firestore takes, and gives back as it was. */
import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { seriesEnd } from '../../../../functions/calendar/recurrence/occurrences.ts';
import { createFirestore } from '../../../../functions/firestore/client.ts';
import { fit } from '../../../../functions/mirror/data.ts';
import { isStorableId, itemPath } from '../../../../functions/firestore/paths.ts';
import { createItems, itemDocument } from '../../../../functions/mirror/items.ts';
import { eventFields } from '../../../../functions/sync/event-fields.ts';
import { hostileItem } from '../../../support/hostile-items.ts';

const COLLECTION = 'users/ada@example.com/calendars/ada@example.com/events';

const firestore = createFirestore(`demo-${randomBytes(4).toString('hex')}`, '(default)');
const { readItems } = createItems(firestore);
afterAll(() => firestore.terminate());

test('an item that was made to fit is accepted by Firestore and read back unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(
      hostileItem.filter(({ id }) => isStorableId(COLLECTION, id)),
      async (item) => {
        const fitted = fit(item);
        const document = itemDocument(fitted, 1, eventFields(fitted.item, 'Europe/Zurich', seriesEnd));
        await firestore.doc(itemPath(COLLECTION, item.id)).set(document);
        const read = (await readItems(COLLECTION, [item.id])).get(item.id);
        expect(isDeepStrictEqual(read?.item, fitted.item)).toBe(true);
        expect(read?.omitted).toEqual(fitted.omitted);
      },
    ),
    { numRuns: 250 },
  );
});
