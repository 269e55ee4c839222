import { expect, test } from 'vitest';
import { startCloud } from '../../../infra/local/cloud.ts';
import { eventually, startTestCloud } from '../../support/cloud.ts';

const SETTINGS = { user: 'ana@example.com', resource: 'settings' } as const;
const INITIAL = { users: [{ email: SETTINGS.user, settings: { locale: 'de' } }] };

test('a function that is configured wrongly stops the whole cloud, with the reason', async () => {
  const env = { receive: { CHANNEL_TOKEN_KEYS: 'no pair' } };
  await expect(startCloud({ env })).rejects.toThrow(
    /the function receive did not start.*CHANNEL_TOKEN_KEYS/s,
  );
});

test('what is wished for is mirrored, announced, and found to be true', async () => {
  await using cloud = await startTestCloud({ calendar: { initial: INITIAL } });
  const watch = await cloud.register(SETTINGS);
  await eventually(async () =>
    expect((await cloud.mirror(SETTINGS)).get('locale')?.data['value']).toBe('de'),
  );
  await cloud.untilTrue();
  expect(
    cloud.changes(watch).some(({ itemId, change }) => itemId === 'locale' && change === 'snapshot'),
  ).toBe(true);
});

test('two clouds on one pair of emulators do not see each other', async () => {
  await using one = await startTestCloud({ calendar: { initial: INITIAL } });
  await using other = await startTestCloud({ calendar: { initial: INITIAL } });
  await one.register(SETTINGS);
  await one.untilTrue();
  await eventually(async () => expect((await one.mirror(SETTINGS)).size).toBeGreaterThan(0));
  expect((await other.mirror(SETTINGS)).size).toBe(0);
  expect(other.feed.messages).toEqual([]);
});

test('a function that crashed is back at its URL after a restart, and what was announced meanwhile arrives', async () => {
  await using cloud = await startTestCloud({ calendar: { initial: INITIAL } });
  await cloud.register(SETTINGS);
  await cloud.untilTrue();
  await eventually(async () => expect((await cloud.mirror(SETTINGS)).size).toBeGreaterThan(0));
  await cloud.kill('sync');
  cloud.calendar.store.setSetting(SETTINGS.user, 'locale', 'fr');
  await cloud.calendar.settle();
  await cloud.restart('sync');
  await eventually(async () =>
    expect((await cloud.mirror(SETTINGS)).get('locale')?.data['value']).toBe('fr'),
  );
  await cloud.untilTrue();
});
