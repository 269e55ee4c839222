import { until } from '../until.ts';
import type { Stage } from './stage.ts';
import { TIMEOUT_MS } from './stopwatch.ts';

/** Creates every watch and waits until each has completed its initial sync. */
export async function initialSync(
  { cloud, watches, stopwatch }: Stage,
  progress: (text: string) => void,
): Promise<string> {
  await Promise.all(watches.map(({ id, spec }) => cloud.watch(id, spec)));
  await until(
    async () => {
      const documents = await cloud.firestore.collection('watches').get();
      const done = documents.docs.filter(
        (document) => document.get('status.sync.token') !== undefined,
      ).length;
      progress(`${done} of ${watches.length} watches, ${stopwatch.items()} items`);
      return done === watches.length;
    },
    { what: 'every watch is synced', withinMs: TIMEOUT_MS, everyMs: 200 },
  );
  const items = stopwatch.items();
  return `${watches.length} watches, ${items} items`;
}
