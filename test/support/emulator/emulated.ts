/** An emulator, a receiver of its notifications and clients of the emulator, for one test file. */
import { afterEach } from 'vitest';
import { startCalendarEmulator } from '../../../infra/emulator/server.ts';
import { clientOf } from './client.ts';
import { startReceiver } from './receiver.ts';
import type { CalendarEmulatorOptions } from '../../../infra/emulator/types.ts';

export const ADA = 'ada@example.com';
export const BOB = 'bob@example.com';

export type Emulated = Awaited<ReturnType<typeof startEmulated>>;

/** Starts the emulator and the receiver. Retries have no delay, so that no test waits for a backoff. */
export async function startEmulated(options: CalendarEmulatorOptions = {}) {
  const receiver = await startReceiver();
  const emulator = await startCalendarEmulator({
    ...options,
    channels: { retryBaseMs: 1, deliveryDelayMs: [0, 0], ...options.channels },
  });
  let made = 0;
  return {
    emulator,
    receiver,
    ada: clientOf(emulator.url, ADA),
    bob: clientOf(emulator.url, BOB),
    /** Returns the body of a watch call for a new channel to the receiver. */
    channel: (fields: object = {}) => ({
      id: `channel-${(made += 1)}`,
      type: 'web_hook',
      address: receiver.url,
      ...fields,
    }),
    /** Changes a setting of Ada's, without an API call. */
    changeSettings: (): void => {
      emulator.store.setSetting(ADA, 'locale', `language-${(made += 1)}`);
    },
    stop: async (): Promise<void> => {
      await emulator.close();
      await receiver.close();
    },
  };
}

/**
 * Returns a function that starts an emulator for one test, as `startEmulated` does. It is stopped after the test. Call it at the top of a
 * file.
 */
export function emulatedForEachTest() {
  let running: Emulated | undefined;
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });
  return async (options: CalendarEmulatorOptions = {}): Promise<Emulated> => {
    running = await startEmulated(options);
    return running;
  };
}
