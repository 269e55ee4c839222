/** What cannot be meant, and what cannot work: one line that says so and what to do, and an exit code that tells them apart. */
import { describe, expect, test } from 'vitest';
import { freePort } from '../../../infra/local/ports.ts';
import { commandLine } from '../../support/command-line.ts';

const anywhere = commandLine({ GOOGLE_CLOUD_PROJECT: 'demo-nowhere' });

describe.concurrent('a command that cannot be meant ends with 2 and one line:', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['no such command', ['wach'], /unknown command 'wach'.*watch.*calendar-mirror --help/],
    ['no such option', ['list', '--colour'], /'--colour'.*calendar-mirror list --help/],
    ['no user', ['watch'], /'user'.*calendar-mirror watch --help/],
    ['a user that is none', ['watch', 'ada'], /user: is neither an email address nor "me"/],
    ['a resource that is none', ['watch', 'a@b.c', '--resource', 'events,tasks'], /Choose from events, acl/],
    ['an event type that is none', ['watch', 'a@b.c', '--event-types', 'party'], /Choose from birthday/],
    [
      'a calendar of what has none',
      ['watch', 'a@b.c', '--resource', 'settings', '--calendar', 'x'],
      /--calendar/,
    ],
    [
      'event types of what has none',
      ['watch', 'a@b.c', '--resource', 'acl', '--single-events'],
      /events only/,
    ],
    ['a calendar too long', ['watch', 'a@b.c', '--calendar', 'x'.repeat(1025)], /calendarId: Too big/],
    ['the primary calendar of nobody', ['watch', 'me'], /calendarId: cannot be "primary"/],
    ['a role that is none', ['watch', 'a@b.c', '--follow', 'boss'], /boss.*reader, writer, owner/],
    [
      'settings that are followed',
      ['watch', 'a@b.c', '--follow', '--resource', 'settings'],
      /--follow goes with --resource events, acl/,
    ],
    [
      'one calendar that is followed',
      ['watch', 'a@b.c', '--follow', '--calendar', 'x'],
      /leave out --calendar/,
    ],
    [
      'event types of rules that are followed',
      ['watch', 'a@b.c', '--follow', '--resource', 'acl', '--single-events'],
      /events only/,
    ],
    [
      'the fate of what nobody follows',
      ['watch', 'a@b.c', '--unlisted', 'purge'],
      /--unlisted goes with --follow/,
    ],
    ['a way to authorise that is none', ['watch', 'a@b.c', '--auth', 'magic'], /magic.*service-account/],
    ['an id that is none', ['status', 'a/b'], /"a\/b" is no watch's id.*calendar-mirror list/],
    ['another id that is none', ['sync', '__x__'], /"__x__" is no watch's id/],
    ['an id too many', ['status', 'a', 'b'], /too many arguments/],
    ['a time that is none', ['sync', 'a', '--timeout', 'soon'], /'soon' is invalid/],
    ['a change that is none', ['tail', '--change', 'moved'], /Choose from created, updated/],
    ['events of nobody', ['events', 'ada'], /user: is neither an email address nor "me"/],
    ['a day that is none', ['events', 'a@b.c', '--from', '2030-02-30'], /--from "2030-02-30".*give today/],
    ['an end before the beginning', ['events', 'a@b.c', '--to', 'yesterday'], /--to is not after --from/],
    ['a replay to nowhere', ['replay', 'a'], /'--topic <topic>'.*calendar-mirror replay --help/],
    ['a topic that is none', ['replay', 'a', '--topic', 'x/y'], /"x\/y" is no topic's name/],
    ['a login of nobody', ['login', 'ada'], /user: is neither an email address nor "me"/],
    ['a login without anybody', ['login'], /'user'.*calendar-mirror login --help/],
    ['a login for what is none', ['login', 'a@b.c', '--resource', 'mail'], /Choose from events, acl/],
    ['a login on no port', ['login', 'a@b.c', '--port', '0'], /'0' is invalid/],
    ['a login beyond all ports', ['login', 'a@b.c', '--port', '70000'], /'70000' is invalid/],
    ['two ways to remove', ['unwatch', 'a', '--keep', '--purge'], /--keep and --purge/],
    ['nothing to renew', ['renew'], /no watch is named.*--all/],
    ['everything and one', ['renew', 'a', '--all'], /--all goes without watches/],
    ['nobody to ask', ['dead-letters', 'purge'], /no terminal.*--yes/],
    ['dead letters that are none', ['dead-letters', 'bury'], /bury/],
  ])('%s', async (_, args, words) => {
    const { code, stdout, stderr } = await anywhere.run(...args);
    expect(stderr).toMatch(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

test('a variable that is wrong ends a command with 2, and is named', async () => {
  const { code, stderr } = await commandLine({ GOOGLE_CLOUD_PROJECT: 'p', POLL_SECONDS: 'often' }).run(
    'list',
  );
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/^[^\n]*POLL_SECONDS[^\n]*\n$/),
  });
});

test('an emulator that is down ends a command with 1 at once, and is named', async () => {
  const [firestore, pubsub] = [await freePort(), await freePort()];
  const down = commandLine({
    GOOGLE_CLOUD_PROJECT: 'demo-down',
    FIRESTORE_EMULATOR_HOST: `127.0.0.1:${String(firestore)}`,
    PUBSUB_EMULATOR_HOST: `127.0.0.1:${String(pubsub)}`,
  });
  const { code, stdout, stderr } = await down.run('list');
  expect(stderr).toBe(
    `nothing answers at FIRESTORE_EMULATOR_HOST=127.0.0.1:${String(firestore)}: run npm start, or unset FIRESTORE_EMULATOR_HOST to use Google Cloud\n`,
  );
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
});

test('without credentials a command ends with 1 and the way to get some; --verbose shows where that comes from', async () => {
  const plain = await anywhere.run('list');
  expect(plain).toEqual({
    code: 1,
    stdout: '',
    stderr: 'there are no credentials that work: run gcloud auth application-default login\n',
  });
  const verbose = await anywhere.run('list', '--verbose');
  expect(verbose.stderr).toMatch(/^there are no credentials that work[^\n]*\n.*\n {4}at /s);
});

test('without a command there is the help, on stderr, and exit code 2; asked for, it is a result', async () => {
  const [none, asked] = await Promise.all([anywhere.run(), anywhere.run('help', 'watch')]);
  expect(none).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Commands:') });
  expect(asked).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('Examples:') });
});
