/** The emulator with a user and a calendar, the application of these examples, and another client that edits the calendar. */
import { startCalendarEmulator } from 'google-calendar-emulator';
import { startApp } from './app.ts';

const ADA = 'ada@example.com';

export async function start() {
  const emulator = await startCalendarEmulator({
    initial: { users: [{ email: ADA }] },
    channels: { deliveryDelayMs: [0, 0] },
  });
  const waits: number[] = [];
  const app = await startApp({
    rootUrl: emulator.url,
    accessToken: ADA,
    calendarId: ADA,
    now: () => emulator.clock.now(),
    wait: (ms) => Promise.resolve(waits.push(ms)),
  });
  const call = (method: string, path: string): Promise<Response> =>
    fetch(`${emulator.url}/calendar/v3/calendars/${ADA}/events${path}`, {
      method,
      headers: { authorization: `Bearer ${ADA}` },
    });
  return {
    emulator,
    app,
    /** How long the application has waited before each further attempt, in ms. */
    waits,
    /** Adds an event as another client does. */
    edit: (text: string) => call('POST', `/quickAdd?text=${encodeURIComponent(text)}`),
    remove: (eventId: string) => call('DELETE', `/${eventId}`),
    /** Resolves when notifications were delivered, and the application has acted on them. */
    settle: async (): Promise<void> => {
      await emulator.settle();
      await app.idle();
    },
    titles: (): string[] => app.events().map(({ summary = '' }) => summary),
    close: async (): Promise<void> => {
      app.close();
      await emulator.close();
    },
  };
}
