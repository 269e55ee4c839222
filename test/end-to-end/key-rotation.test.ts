/** The key of the channel tokens is replaced while notifications arrive, and none is rejected at any step. */
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { serveFunction, type ServedFunction } from '../../infra/local/function.ts';
import { cloudTest } from '../support/cloud-test.ts';
import { eventually } from '../support/eventually.ts';
import { AT } from '../support/extra-items.ts';
import { notificationHeaders, sendNotification } from '../support/notification-request.ts';
import type { Pipeline } from '../support/pipeline.ts';

const OLD = `old:${Buffer.from('a secret that is of some length.').toString('base64')}`;
const FRESH = `fresh:${Buffer.from('another secret that is as long..').toString('base64')}`;

const test = cloudTest({ env: { all: { CHANNEL_TOKEN_KEYS: OLD } } }).extend(
  'deployments',
  { scope: 'file' },
  ({ cloud }, { onCleanup }) => {
    const deployments = deploymentsOf(cloud);
    onCleanup(() => deployments.stop());
    return deployments;
  },
);
/** Replaces functions of a cloud by others with other keys, at the same URLs. Google retries while they are unavailable. */
function deploymentsOf(cloud: Pipeline) {
  const deployed = new Map<string, ServedFunction>();
  return {
    deploy: async (
      name: 'receive' | 'renew',
      keys: readonly string[],
      during = async () => {},
    ): Promise<void> => {
      await (deployed.get(name)?.stop() ?? cloud.end(name));
      await during();
      const served = await serveFunction({
        name,
        source: fileURLToPath(new URL(`../../dist/${name}`, import.meta.url)),
        port: Number(new URL(cloud.urls[name]).port),
        env: { ...cloud.env, CHANNEL_TOKEN_KEYS: keys.join(',') },
        onLog: () => undefined,
      });
      deployed.set(name, served);
    },
    stop: async (): Promise<void> => {
      for (const served of deployed.values()) await served.stop();
    },
  };
}

/** Returns the id of the key that signed a token. */
const kidOf = (token: string | undefined): string | null => new URLSearchParams(token).get('kid');

test('a key is replaced without a gap, and the old one is rejected once it is removed', async ({
  cloud,
  deployments,
}) => {
  const user = cloud.newUser();
  const watch = await cloud.register({ user, resource: 'events', calendarId: user });
  await cloud.processed(watch);
  let edits = 0;
  const edit = async (): Promise<void> => {
    edits += 1;
    await cloud.as(user).insert('calendars/primary/events', { summary: `edit ${String(edits)}`, ...AT });
  };
  /** Makes an edit, and waits until its notification has announced it: nothing polls here. */
  const announced = async (): Promise<void> => {
    await eventually(() => expect(cloud.history(watch)).toHaveLength(edits));
  };
  const kids = (): (string | null)[] => cloud.live(user).map(({ token }) => kidOf(token));

  await edit();
  await announced();
  const [first] = cloud.live(user);
  expect(kids()).toEqual(['old']);

  await deployments.deploy('receive', [FRESH, OLD], edit);
  await edit();
  await announced();

  await deployments.deploy('renew', [FRESH, OLD]);
  await edit();
  await announced();
  expect(kids()).toEqual(['old']);
  await cloud.replaceNow(watch);
  await eventually(() => expect(kids()).toEqual(['fresh']));
  await edit();
  await announced();

  await deployments.deploy('receive', [FRESH], edit);
  await deployments.deploy('renew', [FRESH]);
  await edit();
  await announced();
  await cloud.untilTrue();

  const fates = cloud.calendar.journal.notifications().flatMap(({ status }) => status ?? []);
  expect(new Set(fates)).toEqual(new Set([204]));
  const stolen = notificationHeaders(first?.id ?? '', first?.token ?? '');
  expect(await sendNotification(cloud.urls.receive, stolen)).toMatchObject({ status: 403 });
});
