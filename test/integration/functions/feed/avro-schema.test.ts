/** The Avro schemas that the topics of the feed and of the clock enforce, and revisions; Pub/Sub's emulator validates what is published. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PubSub, SchemaTypes, Encodings } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { changeMessage, type Change } from '../../../../functions/feed/change.ts';
import { clockMessage, type ClockMessage } from '../../../../functions/feed/clock-message.ts';
import { replayEndedMessage } from '../../../../infra/cli/replay/ended.ts';
import { watchMessage } from '../../../../functions/feed/watch-message.ts';
import { sampleChange } from '../../../support/sample-change.ts';

const definitionOf = (name: string): string =>
  readFileSync(new URL(`../../../../functions/feed/schemas/${name}.avsc`, import.meta.url), 'utf8');
const definition = definitionOf('calendar-messages');
const pubsub = new PubSub({ projectId: `demo-${randomUUID()}` });
const SCHEMA = `projects/${pubsub.projectId}/schemas/calendar-messages`;

beforeAll(async () => {
  await pubsub.createSchema('calendar-messages', SchemaTypes.Avro, definition);
  await pubsub.createTopic({
    name: 'enforced',
    schemaSettings: { schema: SCHEMA, encoding: Encodings.Json },
  });
  const moments = await pubsub.createSchema(
    'calendar-moments',
    SchemaTypes.Avro,
    definitionOf('calendar-moments'),
  );
  await pubsub.createTopic({
    name: 'clock',
    schemaSettings: { schema: await moments.getName(), encoding: Encodings.Json },
  });
});
afterAll(() => pubsub.close());

const CHANGE = sampleChange(
  { id: 'review', attendees: [{ email: 'bob@example.com', self: true }] },
  { id: 'review', attendees: [], reminders: { useDefault: false, overrides: [{ minutes: 5 }] } },
);
const TEAM = { user: 'ada@example.com', resource: 'events', calendarId: 'team' } as const;
const TIME = '2030-01-01T00:00:00.000Z';
const publish = (data: Buffer): Promise<string> => pubsub.topic('enforced').publishMessage({ data });
const publishMoment = (moment: object): Promise<string> =>
  pubsub.topic('clock').publishMessage({ data: Buffer.from(JSON.stringify(moment)) });
const publishJson = (data: unknown): Promise<string> => publish(Buffer.from(JSON.stringify(data)));

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

const ABOUT_WATCH = { watchId: 'team', ...TEAM, state: 'active', sequence: 0, occurredAt: TIME } as const;

test('a topic with the Avro schema accepts messages about watches and replays', async () => {
  const messages = [
    watchMessage(ABOUT_WATCH, 1),
    watchMessage({ ...ABOUT_WATCH, user: null, resource: null, calendarId: null, reason: 'invalidSpec' }, 2),
    watchMessage({ ...ABOUT_WATCH, items: 0 }, 3),
    replayEndedMessage({ watchId: 'team', replay: 'r', count: 0, sequence: 0 }, TEAM, TIME),
  ];
  for (const { data } of messages) expect(await publish(data)).toMatch(/./);
});

test.each([
  ['a sequence that is not a number', { ...CHANGE, sequence: 'seven' }],
  ['a missing watch', { ...CHANGE, watchId: undefined }],
  ['an object in place of a watch', { ...CHANGE, watchId: { id: 'team' } }],
])('a topic with the Avro schema rejects %s', async (_, data) => {
  await expect(publishJson(data)).rejects.toThrow('INVALID_ARGUMENT');
});

describe('the topic of the clock', () => {
  const MOMENT: ClockMessage = {
    watchId: 'team',
    user: TEAM.user,
    calendarId: TEAM.calendarId,
    eventId: 'standup_20300101T090000Z',
    recurringEventId: 'standup',
    moment: '-PT10M',
    dueAt: TIME,
    startsAt: '2030-01-01T00:10:00.000Z',
    endsAt: '2030-01-01T00:20:00.000Z',
    sequence: 7,
    event: { id: 'standup_20300101T090000Z', attendees: [{ email: 'bob@example.com' }] },
  };

  test('accepts moments, of recurring events and late ones among them', async () => {
    for (const moment of [MOMENT, { ...MOMENT, recurringEventId: undefined, moment: 'end', late: true }])
      expect(await publishMoment(JSON.parse(clockMessage(moment, 'users/x').data.toString()))).toMatch(/./);
  });

  test.each(['watchId', 'eventId', 'moment', 'dueAt'])('rejects a message without %s', async (name) => {
    await expect(publishMoment({ ...MOMENT, [name]: undefined })).rejects.toThrow('INVALID_ARGUMENT');
  });
});

describe('a revision of the schema that adds a field', () => {
  const schema = z.looseObject({ fields: z.array(z.unknown()) });
  const { fields, ...record } = schema.parse(JSON.parse(definition));
  const revised = { ...record, fields: [...fields, { name: 'tenant', type: 'string', default: '' }] };

  test('accepts messages of functions from before it and after it', async () => {
    const client = await pubsub.getSchemaClient();
    const next = JSON.stringify(revised);
    await client.commitSchema({ name: SCHEMA, schema: { name: SCHEMA, type: 'AVRO', definition: next } });
    const [revisions] = await client.listSchemaRevisions({ name: SCHEMA });
    expect(revisions).toHaveLength(2);
    expect(await publishJson(CHANGE)).toMatch(/./);
    expect(await publishJson({ ...CHANGE, tenant: 'acme' })).toMatch(/./);
    await expect(publishJson({ ...CHANGE, watchId: undefined })).rejects.toThrow('INVALID_ARGUMENT');
  });
});
