/** The Avro schema of changes on a topic that enforces it; Pub/Sub's emulator validates what is published. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Encodings, PubSub, SchemaTypes } from '@google-cloud/pubsub';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeMessage, type Change } from '../../../../functions/feed/change.ts';
import { sampleChange } from '../../../support/sample-change.ts';

const definition = readFileSync(
  new URL('../../../../functions/feed/schemas/calendar-changes.avsc', import.meta.url),
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

const CHANGE = sampleChange(
  { id: 'review', attendees: [{ email: 'bob@example.com', self: true }] },
  { id: 'review', attendees: [], reminders: { useDefault: false, overrides: [{ minutes: 5 }] } },
);
const publish = (data: Buffer): Promise<string> => pubsub.topic('enforced').publishMessage({ data });

test.each<[string, Partial<Change>]>([
  ['an edited event', {}],
  ['a snapshot', { change: 'snapshot', before: null }],
  ['a deletion', { change: 'deleted', after: null }],
  ['a setting, which has no calendar', { resource: 'settings', calendarId: null }],
  ['a change with omissions', { omitted: ['before', 'description'] }],
  ['the largest sequence', { sequence: Number.MAX_SAFE_INTEGER }],
])('a topic with the Avro schema accepts the message of %s', async (_, more) => {
  const { data } = changeMessage({ ...CHANGE, ...more }, 'users/x/settings/y');
  expect(await publish(data)).toMatch(/./);
});

test.each([
  ['an unknown change', { ...CHANGE, change: 'vanished' }],
  ['a sequence that is not a number', { ...CHANGE, sequence: 'seven' }],
  ['a missing item id', { ...CHANGE, itemId: undefined }],
  ['an unknown resource', { ...CHANGE, resource: 'tasks' }],
])('a topic with the Avro schema rejects %s', async (_, data) => {
  await expect(publish(Buffer.from(JSON.stringify(data)))).rejects.toThrow('INVALID_ARGUMENT');
});
