import { randomBytes } from 'node:crypto';

import { Firestore, Timestamp } from '@google-cloud/firestore';
import { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { readRenewConfig } from '../../../../functions/config.ts';
import { createLog } from '../../../../functions/runtime/log.ts';
import { createRenew } from '../../../../functions/renew/create.ts';
import { renew } from '../../../../functions/renew/run.ts';
import type { CalendarEmulator } from '../../../../infra/emulator/types.ts';
import { startCalendarEmulator } from '../../../../infra/emulator/server.ts';

/** Runs renew in this process, so that tests can make publishes fail. */

const HOUR = 3_600_000;
const projectId = `demo-${randomBytes(4).toString('hex')}`;
const firestore = new Firestore({ projectId });
const pubsub = new PubSub({ projectId });

let calendar: CalendarEmulator;
let context: ReturnType<typeof createRenew>;

beforeAll(async () => {
  calendar = await startCalendarEmulator({ channels: { syncBeforeResponse: 'never' } });
  const config = readRenewConfig({
    GOOGLE_CLOUD_PROJECT: projectId,
    PUBSUB_EMULATOR_HOST: process.env['PUBSUB_EMULATOR_HOST'],
    CALENDAR_AUTH: 'emulator',
    CALENDAR_API_ROOT_URL: calendar.url,
    CHANNEL_ADDRESS: 'http://127.0.0.1:1/',
    CHANNEL_TOKEN_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  });
  context = createRenew(
    config,
    createLog(() => {}),
    () => false,
  );
  await pubsub.createTopic(config.NOTIFICATIONS_TOPIC);
});
afterAll(() => Promise.all([calendar.close(), firestore.terminate(), pubsub.close()]));

const publishNotification = () => Promise.reject(new Error('Pub/Sub is away'));

it('a watch whose poll could not be published is soon due again and polled', async () => {
  const document = firestore.doc('watches/settings-of-ada');
  const spec = { user: 'ada@example.com', resource: 'settings' };
  await document.set({ spec, nextDueAt: Timestamp.fromMillis(0) });
  const dueIn = async (): Promise<number> => (await document.get()).get('nextDueAt').toMillis() - Date.now();
  // The first time with a new channel, the second time a poll alone.
  for (const polls of ['after the channel', 'on its own']) {
    await document.update({ nextDueAt: Timestamp.fromMillis(0) });
    const lost = await renew({ ...context, publishNotification });
    expect({ polls, ...lost }).toMatchObject({ polls, polled: 0, failed: 1 });
    expect(await dueIn()).toBeLessThan(HOUR / 60);

    await document.update({ nextDueAt: Timestamp.fromMillis(0) });
    expect(await renew(context)).toMatchObject({ polled: 1, failed: 0 });
  }
  expect(calendar.channels.list()).toHaveLength(1);
});
