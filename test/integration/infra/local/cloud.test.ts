import { expect, test } from 'vitest';
import { startCloud } from '../../../../infra/local/cloud.ts';
import { startTestCloud } from '../../../support/cloud.ts';
import { eventually } from '../../../support/eventually.ts';

const SETTINGS = { user: 'ana@example.com', resource: 'settings' } as const;
const INITIAL = { users: [{ email: SETTINGS.user, settings: { locale: 'de' } }] };

test('an invalid variable of one function fails the start of the cloud with the reason', async () => {
  const env = { receive: { CHANNEL_TOKEN_KEYS: 'invalid' } };
  await expect(startCloud({ env })).rejects.toThrow(
    /the function receive did not start.*CHANNEL_TOKEN_KEYS/s,
  );
});

test('a watched collection is mirrored and published without differences', async () => {
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

test('two clouds on the same emulators do not interfere', async () => {
  await using one = await startTestCloud({ calendar: { initial: INITIAL } });
  await using other = await startTestCloud({ calendar: { initial: INITIAL } });
  await one.register(SETTINGS);
  await one.untilTrue();
  await eventually(async () => expect((await one.mirror(SETTINGS)).size).toBeGreaterThan(0));
  expect((await other.mirror(SETTINGS)).size).toBe(0);
  expect(other.feed.messages).toEqual([]);
});

test('a restarted function has the same URL and gets the notifications published meanwhile', async () => {
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
