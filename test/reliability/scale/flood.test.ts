/** Many new watches at once, with too few instances of sync: Cloud Run rejects nine of ten pushes. */
import { expect } from 'vitest';
import { cloudTest } from '../../support/cloud-test.ts';
import { results } from '../../support/command-line.ts';
import { eventually } from '../../support/eventually.ts';
import { pushProxy } from '../../support/push-proxy.ts';

const test = cloudTest();

const WATCHES = 5;

test('a flood of new watches waits, is reported as waiting, and ends in no dead letter', async ({
  cloud,
  cli,
}) => {
  let [pushes, isClosed] = [0, true];
  await using _ = await pushProxy(cloud.pubsub, cloud.urls.sync, () => {
    pushes += 1;
    return !isClosed && pushes % 10 === 0;
  });
  const specs = Array.from(Array(WATCHES).keys(), (index) => {
    const user = cloud.newUser(`flood-${String(index)}`);
    return { user, resource: 'events', calendarId: user } as const;
  });
  await Promise.all(specs.map((spec, index) => cloud.watch(`flood-${String(index)}`, spec)));
  await cloud.renew();

  // As long as nothing is admitted, every push is a failed attempt.
  await eventually(() => expect(pushes).toBeGreaterThan(0), 60_000);
  const [waiting] = results(await cli.run('status', '--json'));
  expect(waiting).toMatchObject({ watches: WATCHES, awaitingFirstSync: WATCHES, problems: [] });
  expect((await cli.run('status')).stdout).toContain(
    `${String(WATCHES)} watches still to be synced for the first time`,
  );
  expect((await cli.run('status', 'flood-0')).stdout).toMatch(/\nlast sync +never: the first one waits /);

  isClosed = false;
  await eventually(async () => {
    const [summary] = results(await cli.run('status', '--json'));
    expect(summary).toMatchObject({ awaitingFirstSync: 0, problems: [] });
  }, 240_000);
  expect(pushes).toBeGreaterThanOrEqual(WATCHES * 10);
  expect(cloud.logs.filter(({ message }) => message === 'message dead-lettered')).toEqual([]);
  expect(results(await cli.run('dead-letters', 'list', '--json'))).toEqual([]);
}, 400_000);
