import { appendFile, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base } from 'vitest';
import { createRecords, recordFolder } from '../../../../../infra/cli/replay/record.ts';

const test = base.extend('folder', async ({}, { onCleanup }) => {
  const parent = await mkdtemp(join(tmpdir(), 'records-'));
  onCleanup(() => rm(parent, { recursive: true }));
  return join(parent, 'made', 'when needed');
});

const head = { project: 'p', database: '(default)', topic: 'new-consumer', watches: ['a', 'b', 'c'] };

test('a record says which watches are left, until it is removed', async ({ folder }) => {
  const records = createRecords(folder);
  expect(await records.find('r')).toBeUndefined();
  await records.begin('r', head);
  await records.done('r', 'b');
  const { watches: _, ...others } = head;
  expect(await records.find('r')).toEqual({ ...others, left: ['a', 'c'], of: 3 });
  // As after a crash in the middle of a write.
  await appendFile(join(folder, 'r.jsonl'), '{"done":"a');
  expect(await records.find('r')).toMatchObject({ left: ['a', 'c'] });
  await records.remove('r');
  expect(await records.find('r')).toBeUndefined();
  await records.remove('r');
});

test('only its owner can read a record', async ({ folder }) => {
  await createRecords(folder).begin('r', head);
  expect((await stat(join(folder, 'r.jsonl'))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect(await readdir(folder)).toEqual(['r.jsonl']);
});

test('records are in the state folder of the user', () => {
  const own = expect.stringMatching(/^\/.*\/\.local\/state\/calendar-mirror\/replays$/);
  expect(recordFolder({ XDG_STATE_HOME: '/var/state' })).toBe('/var/state/calendar-mirror/replays');
  expect(recordFolder({ XDG_STATE_HOME: 'relative' })).toEqual(own);
  expect(recordFolder({})).toEqual(own);
});
