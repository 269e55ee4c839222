/** An emulator, a receiver of its notifications and clients of both, for one test file. */
import { startCalendarEmulator } from '../../../infra/local/calendar/server.ts';
import { clientOf } from './client.ts';
import { startReceiver } from './receiver.ts';
import type { CalendarEmulatorOptions } from '../../../infra/local/calendar/server.ts';

export const ADA = 'ada@example.com';
export const BOB = 'bob@example.com';

export type Emulated = Awaited<ReturnType<typeof startEmulated>>;

/** Starts both. Retries follow each other at once, so that no test waits for a backoff. */
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
    /** The body of a watch call for a new channel to the receiver. */
    channel: (fields: object = {}) => ({
      id: `channel-${(made += 1)}`,
      type: 'web_hook',
      address: receiver.url,
      ...fields,
    }),
    /** Changes what a channel on Ada's settings watches, without an API call. */
    changeSettings: (): void => {
      emulator.store.setSetting(ADA, 'locale', `language-${(made += 1)}`);
    },
    stop: async (): Promise<void> => {
      await emulator.close();
      await receiver.close();
    },
  };
}
