import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import {
  burstOfEdits,
  burstOfEditsCommand,
  burstOfEvents,
  burstOfEventsCommand,
  curlOf,
  eventsPath,
  removeBurstCommand,
} from '../../../../infra/console/model/play.ts';

const ROOT = 'http://127.0.0.1:9000';
const TARGET = { user: 'ana@example.com', calendarId: 'team@group.calendar.google.com' };

/** Runs a command with a `curl` that prints its arguments, one call a line. */
function callsOf(command: string): readonly (readonly string[])[] {
  const curl = `curl() { for each in "$@"; do printf '%s\\037' "$each"; done; printf '\\n'; }`;
  const output = execFileSync('sh', ['-c', `${curl}; ${command.replaceAll(' -o /dev/null', '')}`], {
    encoding: 'utf8',
  });
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\u001F').slice(0, -1));
}
const bodyIn = (call: readonly string[] | undefined): unknown =>
  JSON.parse(call?.[call.indexOf('-d') + 1] ?? 'null');

test('a shell reads a command as the call that it stands for', () => {
  const body = { summary: `It's "lunch" $HOME \`id\` \\ 🥗`, nested: { a: [1, null] } };
  const [call] = callsOf(
    curlOf(ROOT, { method: 'PATCH', path: eventsPath('a/b', 'x?'), user: TARGET.user, etag: '"1"', body }),
  );
  expect(call).toEqual([
    '-X',
    'PATCH',
    `${ROOT}/calendar/v3/calendars/a%2Fb/events/x%3F`,
    '-H',
    'Authorization: Bearer ana@example.com',
    '-H',
    'If-Match: "1"',
    '-H',
    'Content-Type: application/json',
    '-d',
    JSON.stringify(body),
  ]);
});

test('a control route is called without an account', () => {
  expect(curlOf(ROOT, { method: 'DELETE', path: '/emulator/faults' })).toBe(
    `curl -X DELETE '${ROOT}/emulator/faults'`,
  );
});

test('a burst of new events is a hundred calls, by its command too', () => {
  const days = ['2030-01-07', '2030-01-08', '2030-01-09', '2030-01-10', '2030-01-11', '2030-01-12'];
  const calls = burstOfEvents(TARGET, days, 'Europe/Berlin');
  expect(calls).toHaveLength(100);
  const bodies = callsOf(burstOfEventsCommand(ROOT, TARGET, days, 'Europe/Berlin')).map(bodyIn);
  expect(bodies).toEqual(calls.map(({ body }) => body));
});

test('a burst of edits is a hundred calls, by its command too', () => {
  const calls = burstOfEdits(TARGET, 'review');
  expect(calls).toHaveLength(100);
  const shown = callsOf(burstOfEditsCommand(ROOT, TARGET, 'review'));
  expect(shown.map(bodyIn)).toEqual(calls.map(({ body }) => body));
  expect(shown[0]).toContain(ROOT + (calls[0]?.path ?? ''));
});

test('the command that removes a burst reads the events by their mark', () => {
  const command = removeBurstCommand(ROOT, TARGET);
  expect(command).toContain('privateExtendedProperty=burst%3D1');
  expect(command).toContain(`'${ROOT}/calendar/v3/calendars/team%40group.calendar.google.com/events/'"$id"`);
});
