import { expect, test } from 'vitest';
import { findOrStartEmulators } from '../../../../infra/local/emulators.ts';
import { freePort } from '../../../../infra/local/ports.ts';

test('an emulator that does not answer is an error with its variable and instructions', async () => {
  const unused = `127.0.0.1:${await freePort()}`;
  const env = { ...process.env, FIRESTORE_EMULATOR_HOST: unused };
  await expect(findOrStartEmulators({ env })).rejects.toThrow(
    new RegExp(
      `nothing answers at FIRESTORE_EMULATOR_HOST=${unused}.*\\bgcloud components install\\b.*PUBSUB_EMULATOR_HOST=`,
      's',
    ),
  );
});

test('without gcloud and java the error names both once, with instructions', async () => {
  const failure = await findOrStartEmulators({ env: { PATH: '/nowhere' } }).then(
    () => '',
    (error: Error) => error.message,
  );
  expect(failure.match(/gcloud and java not found on the PATH/g)).toHaveLength(1);
  expect(failure).toContain('gcloud components install');
  expect(failure).toContain('Java 17');
  expect(failure).toContain('FIRESTORE_EMULATOR_HOST=host:port');
});

test('running emulators are used and not stopped', async () => {
  const env = {
    FIRESTORE_EMULATOR_HOST: process.env['FIRESTORE_EMULATOR_HOST'],
    PUBSUB_EMULATOR_HOST: process.env['PUBSUB_EMULATOR_HOST'],
  };
  const emulators = await findOrStartEmulators({ env });
  expect(emulators.firestoreHost).toBe(env.FIRESTORE_EMULATOR_HOST);
  await emulators.stop();
  const again = await findOrStartEmulators({ env });
  expect(again.pubsubHost).toBe(env.PUBSUB_EMULATOR_HOST);
});
