/** Records what calls of the API change, as the mirror would announce it. */
import { apiAs, type Api } from '../../../infra/local/demo/api.ts';
import type { Change } from '../../../functions/feed/change.ts';
import type { Seed } from '../../../infra/emulator/seed/seed.ts';
import { startCalendarEmulator } from '../../../infra/emulator/server.ts';

interface Collection {
  readonly user: string;
  readonly resource: Change['resource'];
  readonly calendarId: string | null;
  /** Below `/calendar/v3`, such as `calendars/<id>/events`. */
  readonly path: string;
}

/** Starts an emulator, and runs calls after each of which the changes of these collections are recorded. */
export async function record(
  initial: Seed,
  collections: readonly Collection[],
  calls: readonly ((as: (user: string) => Api) => Promise<unknown>)[],
): Promise<readonly Change[]> {
  await using emulator = await startCalendarEmulator({ initial });
  const as = (user: string): Api => apiAs(emulator.url, user);
  const read = async ({ user, path }: Collection) => {
    const items = await as(user).list(`${path}?maxResults=250`);
    return new Map(items.map((item) => [item.id, item]));
  };
  const changes: Change[] = [];
  const known = new Map(
    await Promise.all(collections.map(async (each) => [each, await read(each)] as const)),
  );
  for (const call of calls) {
    await call(as);
    for (const collection of collections) {
      const old = known.get(collection);
      const { status } = await as(collection.user).call('GET', collection.path);
      // The mirror keeps what was in a calendar that is gone.
      const now = status === 404 && old !== undefined ? old : await read(collection);
      known.set(collection, now);
      for (const itemId of new Set([...(old?.keys() ?? []), ...now.keys()])) {
        const [before, after] = [old?.get(itemId) ?? null, now.get(itemId) ?? null];
        if (JSON.stringify(before) === JSON.stringify(after)) continue;
        const { user, resource, calendarId } = collection;
        changes.push({
          watchId: `${user.split('@')[0]}-${resource}`,
          user,
          resource,
          calendarId,
          itemId,
          change: before === null ? 'created' : after === null ? 'deleted' : 'updated',
          kinds: [],
          sequence: changes.length + 1,
          before,
          after,
          occurredAt: '2030-01-01T00:00:00.000Z',
        });
      }
    }
  }
  return changes;
}
