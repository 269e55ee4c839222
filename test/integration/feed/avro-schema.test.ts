/** The Avro schema of changes, as a topic enforces it: Pub/Sub's own emulator validates what is published. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Encodings, PubSub, SchemaTypes } from '@google-cloud/pubsub';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeMessage, type Change } from '../../../functions/feed/change.ts';

const definition = readFileSync(
  new URL('../../../functions/feed/schemas/calendar-changes.avsc', import.meta.url),
  'utf8',
);
const pubsub = new PubSub({ projectId: `demo-${randomUUID()}` });

beforeAll(async () => {
  await pubsub.createSchema('changes', SchemaTypes.Avro, definition);
  await pubsub.createTopic({
    name: 'enforced',
    schemaSettings: {
      schema: `projects/${pubsub.projectId}/schemas/changes`,
      encoding: Encodings.Json,
    },
  });
});
afterAll(() => pubsub.close());

const CHANGE: Change = {
  watchId: 'team',
  user: 'ada@example.com',
  resource: 'events',
  calendarId: 'team@group.calendar.google.com',
  itemId: 'review',
  change: 'updated',
  sequence: 7,
  before: { id: 'review', attendees: [{ email: 'bob@example.com', self: true }] },
  after: { id: 'review', attendees: [], reminders: { useDefault: false, overrides: [{ minutes: 5 }] } },
  occurredAt: '2030-01-01T00:00:00.000Z',
};
const publish = (data: Buffer): Promise<string> => pubsub.topic('enforced').publishMessage({ data });

test.each<[string, Partial<Change>]>([
  ['an event that was edited', {}],
  ['what was there already', { change: 'snapshot', before: null }],
  ['what was deleted', { change: 'deleted', after: null }],
  ['a setting, which is in no calendar', { resource: 'settings', calendarId: null }],
  ['a change with omissions', { omitted: ['before', 'description'] }],
  ['the last of all numbers', { sequence: Number.MAX_SAFE_INTEGER }],
])('a topic with the Avro schema takes the message of %s', async (_, more) => {
  const { data } = changeMessage({ ...CHANGE, ...more }, 'users/x/settings/y');
  expect(await publish(data)).toMatch(/./);
});

test.each([
  ['a change of no known kind', { ...CHANGE, change: 'vanished' }],
  ['a number that is none', { ...CHANGE, sequence: 'seven' }],
  ['no item', { ...CHANGE, itemId: undefined }],
  ['another resource', { ...CHANGE, resource: 'tasks' }],
])('a topic with the Avro schema refuses %s', async (_, data) => {
  await expect(publish(Buffer.from(JSON.stringify(data)))).rejects.toThrow('INVALID_ARGUMENT');
});
