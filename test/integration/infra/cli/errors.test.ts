/** Errors of the command line: one line that says what to do, and an exit code. */
import { describe, expect, test } from 'vitest';
import { freePort } from '../../../../infra/local/ports.ts';
import { commandLine } from '../../../support/command-line.ts';

const anywhere = commandLine({ GOOGLE_CLOUD_PROJECT: 'demo-nowhere' });

describe.concurrent('invalid usage ends with exit code 2 and one line:', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['an unknown command', ['wach'], /unknown command 'wach'.*watch.*calendar-mirror --help/],
    ['the agenda, which is events', ['agenda'], /unknown command 'agenda' .Did you mean events\?. See/],
    ['an unknown option', ['list', '--colour'], /'--colour'.*calendar-mirror list --help/],
    ['a missing user', ['watch'], /'user'.*calendar-mirror watch --help/],
    ['an invalid user', ['watch', 'ada'], /user: must be an email address or "me"/],
    ['an invalid resource', ['watch', 'a@b.c', '--resource', 'events,tasks'], /Choose from events, acl/],
    ['an invalid event type', ['watch', 'a@b.c', '--event-types', 'party'], /Choose from birthday/],
    ['a calendar of settings', ['watch', 'a@b.c', '--resource', 'settings', '--calendar', 'x'], /--calendar/],
    [
      'single events of acl',
      ['watch', 'a@b.c', '--resource', 'acl', '--single-events'],
      /only valid with events/,
    ],
    [
      'a calendar id that is too long',
      ['watch', 'a@b.c', '--calendar', 'x'.repeat(1025)],
      /calendarId: Too big/,
    ],
    ['the primary calendar of "me"', ['watch', 'me'], /calendarId: cannot be "primary"/],
    ['an invalid role', ['watch', 'a@b.c', '--follow', 'boss'], /boss.*reader, writer, owner/],
    [
      'settings that are followed',
      ['watch', 'a@b.c', '--follow', '--resource', 'settings'],
      /--follow is only valid with --resource events, acl/,
    ],
    [
      'one calendar that is followed',
      ['watch', 'a@b.c', '--follow', '--calendar', 'x'],
      /leave out --calendar/,
    ],
    [
      'single events of acl that is followed',
      ['watch', 'a@b.c', '--follow', '--resource', 'acl', '--single-events'],
      /only valid with events/,
    ],
    [
      '--unlisted without --follow',
      ['watch', 'a@b.c', '--unlisted', 'purge'],
      /--unlisted is only valid with --follow/,
    ],
    ['an invalid mode of authorization', ['watch', 'a@b.c', '--auth', 'magic'], /magic.*service-account/],
    ['an invalid watch id', ['status', 'a/b'], /invalid watch id "a\/b".*calendar-mirror list/],
    ['a reserved watch id', ['sync', '__x__'], /invalid watch id "__x__"/],
    ['too many watch ids', ['status', 'a', 'b'], /too many arguments/],
    ['an invalid timeout', ['sync', 'a', '--timeout', 'soon'], /'soon' is invalid/],
    ['an invalid type of change', ['tail', '--change', 'moved'], /Choose from created, updated/],
    ['events of an invalid user', ['events', 'ada'], /user: must be an email address or "me"/],
    ['an invalid day', ['events', 'a@b.c', '--from', '2030-02-30'], /--from "2030-02-30".*give today/],
    ['an end before the start', ['events', 'a@b.c', '--to', 'yesterday'], /--to must be after --from/],
    ['a replay without a topic', ['replay', 'a'], /^--topic is missing: see calendar-mirror replay --help$/m],
    ['an invalid topic', ['replay', 'a', '--topic', 'x/y'], /"x\/y" is not a valid topic name/],
    ['a login of an invalid user', ['login', 'ada'], /user: must be an email address or "me"/],
    ['a login without a user', ['login'], /'user'.*calendar-mirror login --help/],
    ['a login for an invalid resource', ['login', 'a@b.c', '--resource', 'mail'], /Choose from events, acl/],
    ['a login on port 0', ['login', 'a@b.c', '--port', '0'], /'0' is invalid/],
    ['a login on an invalid port', ['login', 'a@b.c', '--port', '70000'], /'70000' is invalid/],
    ['two ways to unwatch', ['unwatch', 'a', '--keep', '--purge'], /--keep cannot be combined with --purge/],
    ['nothing to renew', ['renew'], /no watch is given.*--all/],
    ['all watches and one', ['renew', 'a', '--all'], /--all cannot be combined with watch ids/],
    ['a question without a terminal', ['dead-letters', 'purge'], /without a terminal.*--yes/],
    ['an unknown subcommand', ['dead-letters', 'bury'], /bury/],
    ['an unknown option of dev', ['dev', '--prots', 'sync=1'], /--prots.*calendar-mirror dev --help/],
    [
      'a port of an unknown part',
      ['dev', '--ports', 'mirror=1'],
      /mirror has no port.*calendar-mirror dev --help/,
    ],
    ['a project for dev', ['dev', '--project', 'p'], /--project is not valid with dev/],
    ['JSON of demo', ['demo', '--json'], /--json is not valid with demo/],
    ['an invalid seed', ['dev', '--seed', 'package.json', '--no-build'], /--seed: package.json: users: /],
    ['a missing seed', ['emulator', '--seed', '/nowhere.json'], /--seed: \/nowhere.json: .*ENOENT/],
    ['a port out of range', ['emulator', '--port', '70000'], /Give a whole number from 0 to 65535/],
  ])('%s', async (_, args, text) => {
    const { code, stdout, stderr } = await anywhere.run(...args);
    expect(stderr).toMatch(text);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

test('an invalid variable is named, with exit code 2', async () => {
  const { code, stderr } = await commandLine({ GOOGLE_CLOUD_PROJECT: 'p', POLL_SECONDS: 'often' }).run(
    'list',
  );
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/^[^\n]*POLL_SECONDS[^\n]*\n$/),
  });
});

test('an emulator that is down is named at once, with exit code 1', async () => {
  const [firestore, pubsub] = [await freePort(), await freePort()];
  const down = commandLine({
    GOOGLE_CLOUD_PROJECT: 'demo-down',
    FIRESTORE_EMULATOR_HOST: `127.0.0.1:${String(firestore)}`,
    PUBSUB_EMULATOR_HOST: `127.0.0.1:${String(pubsub)}`,
  });
  const { code, stdout, stderr } = await down.run('list');
  expect(stderr).toBe(
    `nothing answers at FIRESTORE_EMULATOR_HOST=127.0.0.1:${String(firestore)}: run calendar-mirror dev, or unset FIRESTORE_EMULATOR_HOST to use Google Cloud\n`,
  );
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
});

test('without credentials the error says how to get them, and --verbose prints the cause', async () => {
  const plain = await anywhere.run('list');
  expect(plain).toEqual({
    code: 1,
    stdout: '',
    stderr: 'no valid Google Cloud credentials found: run gcloud auth login --update-adc\n',
  });
  const verbose = await anywhere.run('list', '--verbose');
  expect(verbose.stderr).toMatch(/^no valid Google Cloud credentials found[^\n]*\n.*\n {4}at /s);
});

test('help is printed to stderr without a command, and to stdout on request', async () => {
  const [none, asked] = await Promise.all([anywhere.run(), anywhere.run('help', 'watch')]);
  expect(none).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Commands:') });
  expect(asked).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('Examples:') });
});
