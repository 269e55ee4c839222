/** A stretch of the timeline as a test file: the file is run, by vitest against the Calendar emulator. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, test as base } from 'vitest';
import { sentenceOf } from '../../../../functions/feed/consumer.ts';
import type { Change } from '../../../../functions/feed/change.ts';
import { testFileOf } from '../../../../infra/console/model/export/test-file.ts';
import { record } from '../../../support/console/recorded.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const ANA = 'ana@example.com';
const BEN = 'ben@example.com';
const TEAM = 'team@group.calendar.google.com';
const AT = { start: { dateTime: '2030-01-01T10:00:00Z' }, end: { dateTime: '2030-01-01T11:00:00Z' } };

/** Runs the text of a test file in a folder of its own. */
const test = base.extend('run', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(`${tmpdir()}/console-export-`);
  onCleanup(() => rm(folder, { recursive: true }));
  await symlink(`${ROOT}node_modules`, `${folder}/node_modules`);
  const alias = { 'google-calendar-emulator': `${ROOT}infra/emulator/index.ts` };
  await writeFile(`${folder}/vitest.config.mjs`, `export default ${JSON.stringify({ resolve: { alias } })};`);
  return async (text: string): Promise<{ readonly passes: boolean; readonly output: string }> => {
    await writeFile(`${folder}/recorded.test.ts`, text);
    const vitest = `${ROOT}node_modules/vitest/vitest.mjs`;
    return new Promise((resolve) => {
      execFile(process.execPath, [vitest, 'run', '--root', folder], (error, stdout, stderr) =>
        resolve({ passes: error === null, output: stdout + stderr }),
      );
    });
  };
});

const file = (changes: readonly Change[], replaced = false): string =>
  testFileOf(changes, { replaced, sentenceOf });
const path = (...segments: readonly string[]): string => segments.map(encodeURIComponent).join('/');
const events = (user: string, calendarId = user) =>
  ({ user, resource: 'events', calendarId, path: path('calendars', calendarId, 'events') }) as const;
const at = (id: string): string => `${path('calendars', ANA, 'events')}/${id}`;

const initial = {
  users: [
    {
      email: ANA,
      timeZone: 'Europe/Berlin',
      calendars: [
        {
          id: ANA,
          summary: 'Ana',
          timeZone: 'Europe/Berlin',
          events: [{ id: 'plan00', summary: 'Review', ...AT }],
        },
        { id: TEAM, summary: 'Team', timeZone: 'Europe/Berlin' },
      ],
    },
    { email: BEN },
  ],
};

/** A morning of edits: created, moved, invited, answered, a series with its exceptions, deleted. */
const edits = () =>
  record(
    initial,
    [events(ANA), events(BEN)],
    [
      (as) =>
        as(ANA).insert(path('calendars', ANA, 'events'), { id: 'lunch0', summary: 'Lunch “late” */', ...AT }),
      (as) => as(ANA).patch(at('lunch0'), { location: 'Café', attendees: [{ email: BEN }], ...later }),
      (as) =>
        as(BEN).patch(`${path('calendars', BEN, 'events')}/lunch0`, {
          attendees: [{ email: BEN, responseStatus: 'accepted' }],
        }),
      (as) => as(ANA).patch(at('lunch0'), { location: null, transparency: 'transparent' }),
      (as) => as(ANA).patch(at('plan00'), { summary: 'Review of all' }),
      (as) =>
        as(ANA).insert(path('calendars', ANA, 'events'), {
          id: 'series0',
          summary: 'Daily',
          recurrence: ['RRULE:FREQ=DAILY;COUNT=5'],
          start: { ...AT.start, timeZone: 'Europe/Berlin' },
          end: { ...AT.end, timeZone: 'Europe/Berlin' },
        }),
      (as) => as(ANA).patch(at('series0_20300102T100000Z'), { summary: 'Daily, once', ...later }),
      (as) => as(ANA).remove(at('series0_20300103T100000Z')),
      (as) => as(ANA).remove(at('series0')),
      (as) => as(ANA).remove(at('plan00')),
    ],
  );
const later = { start: { dateTime: '2030-01-02T12:00:00Z' }, end: { dateTime: '2030-01-02T13:30:00Z' } };

describe('a stretch of the timeline', () => {
  test('becomes a test that makes the same changes, and passes against the emulator', async ({ run }) => {
    const changes = await edits();
    expect(changes.length).toBeGreaterThan(10);
    const text = file(changes);
    for (const method of ['POST', 'PATCH', 'DELETE'])
      expect(text).toContain(`await change("${ANA}", '${method}'`);
    expect(text.match(/toEqual\(/g)?.length).toBeGreaterThan(5);
    expect(await run(text)).toMatchObject({ passes: true });
  });

  test('becomes a test that fails if an event differs from the recorded one', async ({ run }) => {
    const changes = await edits();
    const wrong = changes.map((change) =>
      change.itemId === 'lunch0' && change.after?.['transparency'] === 'transparent'
        ? {
            ...change,
            before: { ...change.before, location: 'Garden' },
            after: { ...change.after, location: 'Garden' },
          }
        : change,
    );
    const { passes, output } = await run(file(wrong));
    expect(passes).toBe(false);
    expect(output).toContain('Garden');
  });

  test('becomes a test in which titles and addresses are replaced, and which passes too', async ({ run }) => {
    const text = file(await edits(), true);
    for (const secret of ['Lunch', 'Café', 'Daily', 'ana@', 'ben@', 'ana-'])
      expect(text).not.toContain(secret);
    expect(text).toContain('Title 1');
    expect(text).toContain('person-1@example.com');
    expect(await run(text)).toMatchObject({ passes: true });
  });

  test('includes rules and lists as far as the API can write them', async ({ run }) => {
    const rules = path('calendars', TEAM, 'acl');
    const list = path('users', 'me', 'calendarList');
    const changes = await record(
      initial,
      [
        { user: ANA, resource: 'acl', calendarId: TEAM, path: rules },
        { user: ANA, resource: 'calendarList', calendarId: null, path: list },
        { user: ANA, resource: 'settings', calendarId: null, path: path('users', 'me', 'settings') },
      ],
      [
        (as) => as(ANA).insert(rules, { role: 'reader', scope: { type: 'user', value: BEN } }),
        (as) => as(ANA).patch(`${rules}/${encodeURIComponent(`user:${BEN}`)}`, { role: 'writer' }),
        (as) => as(ANA).remove(`${rules}/${encodeURIComponent(`user:${BEN}`)}`),
        (as) => as(ANA).patch(`${list}/${encodeURIComponent(TEAM)}`, { summaryOverride: 'Us', hidden: true }),
        (as) => as(ANA).patch(path('calendars', TEAM), { summary: 'The team' }),
        (as) => as(ANA).remove(path('calendars', TEAM)),
      ],
    );
    expect(changes.map(({ resource }) => resource)).toEqual(expect.arrayContaining(['acl', 'calendarList']));
    expect(await run(file(changes))).toMatchObject({ passes: true });
  });

  test('says of a change that cannot be reproduced why', () => {
    const change: Change = {
      watchId: 'a',
      user: ANA,
      resource: 'settings',
      calendarId: null,
      itemId: 'locale',
      change: 'updated',
      kinds: ['value'],
      sequence: 1,
      before: { id: 'locale', value: 'de' },
      after: { id: 'locale', value: 'en\n*/ ' },
      occurredAt: '2030-01-01T00:00:00.000Z',
    };
    expect(file([change])).toContain('// Not reproduced: the API cannot write settings.');
  });
});
