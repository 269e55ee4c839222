/** `@emulators/google`, which has some of Calendar's methods: the packages are installed for the benchmark only. */
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { messageOf } from '../../../infra/emulator/protocol/message.ts';
import { type CalendarEvent, OWNER } from './calendar.ts';
import type { Subject } from './process.ts';

export const COMPARED = '@emulators/google 0.4.1';
/** It takes minutes to take more events from a seed: their time grows with the square of their number. */
export const MOST_EVENTS = 10_000;
const PACKAGES = ['@emulators/google@0.4.1', '@emulators/core@0.4.1', '@hono/node-server@1.19.5'];
const SCRIPT = 'emulators-google.js';
/** The number of calls after which another token is used: it limits each token to 5,000 an hour. */
const CALLS_OF_A_TOKEN = 4000;

/** Installs it into a new folder, which the caller removes. There is no subject where the registry cannot be reached. */
export async function installComparison(
  tell: (line: string) => void,
): Promise<{ readonly folder: string; readonly subject?: Subject }> {
  const folder = await mkdtemp(`${tmpdir()}/emulators-google-`);
  await writeFile(`${folder}/package.json`, JSON.stringify({ private: true, type: 'module' }));
  await copyFile(fileURLToPath(new URL(`../subjects/${SCRIPT}`, import.meta.url)), `${folder}/${SCRIPT}`);
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--fetch-retries=0'];
  try {
    await promisify(execFile)('npm', ['install', ...options, ...PACKAGES], { cwd: folder, timeout: 120_000 });
  } catch (error) {
    tell(`${COMPARED} is left out, it cannot be installed: ${messageOf(error)}`);
    return { folder };
  }
  return { folder, subject: subjectIn(folder) };
}

function subjectIn(folder: string): Subject {
  let calls = 0;
  return {
    argumentsOf: (port, seedFile) => [`${folder}/${SCRIPT}`, String(port), seedFile],
    seedOf: (events) => ({
      users: [{ email: OWNER }],
      calendars: [{ id: OWNER, user_email: OWNER, summary: OWNER, primary: true, time_zone: 'UTC' }],
      calendar_events: events.map(seedEventOf),
    }),
    firstPath: '/calendar/v3/users/me/calendarList',
    tokenOf: () => `token-${String(Math.floor(calls++ / CALLS_OF_A_TOKEN))}`,
  };
}

function seedEventOf(event: CalendarEvent) {
  const { start, end, recurrence: _, ...fields } = event;
  return {
    ...fields,
    calendar_id: OWNER,
    start_date_time: start.dateTime,
    end_date_time: end.dateTime,
  };
}
