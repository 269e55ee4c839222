/** A consumer that lost messages, and recovers by a replay amid the steps of a run. */
import { expect } from 'vitest';
import { changeMessage } from '../../../functions/feed/change.ts';
import { itemPath } from '../../../functions/firestore/paths.ts';
import { commandLine } from '../../support/command-line.ts';
import { createCopy } from '../../support/copy.ts';
import { eventually } from '../../support/eventually.ts';
import { freshTopic, mirrored } from '../../support/fresh-consumer.ts';
import { collectionOf } from '../../support/pipeline.ts';
import type { World } from './storm.ts';

let topics = 0;

/**
 * Begins a replay of everything for a consumer that has lost every other change until now.
 * @returns a check that waits until the consumer has what is mirrored
 */
export async function beginReplay({
  cloud,
  owner,
  guest,
  specs,
  watches,
}: World): Promise<() => Promise<void>> {
  const fresh = await freshTopic(cloud.pubsub, `storm-${String((topics += 1))}`);
  const watched = specs.map((spec, index) => ({ spec, watch: watches[index] ?? '' }));
  const sequences = await Promise.all(
    watches.map(async (watch) => (await cloud.status(watch)).sync?.sequence ?? 0),
  );
  const replay = commandLine(cloud.env).run(
    'replay',
    '--user',
    owner,
    '--user',
    guest,
    '--topic',
    fresh.topic,
  );
  return async () => {
    await using _ = fresh;
    expect(await replay).toMatchObject({ code: 0 });
    await eventually(async () => {
      expect(fresh.endings).toHaveLength(watches.length);
      const copy = createCopy();
      for (const [index, { spec, watch }] of watched.entries()) {
        for (const change of cloud.history(watch)) {
          if (change.sequence <= (sequences[index] ?? 0) && change.sequence % 2 === 0) continue;
          copy.receive(changeMessage(change, itemPath(collectionOf(spec), change.itemId)));
        }
      }
      for (const message of [...fresh.received, ...fresh.endings]) copy.receive(message);
      expect(copy.items()).toEqual(await mirrored(cloud, watched));
    });
  };
}
