/** A program that tests itself against `google-calendar-emulator`: compiled against the installed package, and run. */
import {
  startCalendarEmulator,
  type CalendarEmulatorOptions,
  type FaultRule,
  type Seed,
} from 'google-calendar-emulator';

const print = (text: string): boolean => process.stdout.write(`${text}\n`);

const user = 'ada@example.com';
const initial: Seed = { users: [{ email: user, timeZone: 'Europe/London' }] };
const unavailable: FaultRule = { on: 'request', times: 1, effect: { do: 'fail', status: 503 } };
const options: CalendarEmulatorOptions = { port: 0, initial };
// @ts-expect-error The types must have arrived: a port is not a string.
const wrong: CalendarEmulatorOptions = { port: '0' };

const emulator = await startCalendarEmulator({ ...wrong, ...options });
emulator.faults.add(unavailable);
for (const path of ['calendars/primary', 'calendars/primary']) {
  const headers = { authorization: `Bearer ${user}` };
  const response = await fetch(`${emulator.url}/calendar/v3/${path}`, { headers });
  print(`${response.status} ${(await response.text()).includes('Europe/London')}`);
}
const requests = emulator.journal.requests();
print(requests.map(({ method, status }) => `${method} ${status}`).join(', '));
const page = await fetch(`${emulator.url}/emulator/`);
print(`${page.status} ${page.headers.get('content-type')} ${(await page.text()).endsWith('</html>\n')}`);
await emulator.close();
