import type { MirroredItem } from '../../functions/mirror/items.ts';
import { compare, findEndings, type CompareOptions } from '../../functions/sync/changes.ts';
import { readPage } from '../../functions/sync/read-page.ts';

/** Compares a page as sync does, without Firestore. */

export const COLLECTION = 'users/ana@example.com/calendars/team@example.com/events';

/** The occurrence that an exception replaces, if its series is not known. */
const replacesUnknown = () => undefined;

/** Returns the items of a page of events, and the differences between them and the mirror. */
export function comparePage(
  page: readonly unknown[],
  mirrored: ReadonlyMap<string, MirroredItem>,
  given: Partial<CompareOptions> = {},
) {
  const options: CompareOptions = {
    resource: 'events',
    initial: false,
    singleEvents: false,
    base: 0,
    deletedParents: new Set(),
    fieldsOf: () => ({}),
    ...given,
  };
  const { items, skipped } = readPage(COLLECTION, page);
  const endings = findEndings(options, items, mirrored);
  const differences = compare({ items, mirrored, ...endings, replacedBy: replacesUnknown }, options);
  return { items, skipped, differences };
}
