/** The doctor's finding on the schema that the topic of the feed enforces. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { judgeTopicSchema, MESSAGE_FIELDS } from '../../../../../infra/cli/doctor/topic-schema.ts';

const file = new URL('../../../../../functions/feed/schemas/calendar-messages.avsc', import.meta.url);
const current = readFileSync(file, 'utf8');
const TOPIC = 'projects/p/topics/calendar-changes';
const NAME = 'projects/p/schemas/calendar-messages';

test('the schema that this version enforces is well', () => {
  const { fields } = z.object({ fields: z.array(z.object({ name: z.string() })) }).parse(JSON.parse(current));
  expect(fields.map(({ name }) => name)).toEqual(MESSAGE_FIELDS);
  expect(judgeTopicSchema(NAME, current, TOPIC)).toEqual({
    what: 'schema of the feed',
    verdict: 'well',
    says: 'calendar-messages',
  });
});

test.each([
  [
    'demands a field that not all messages have',
    JSON.stringify({ fields: [...MESSAGE_FIELDS, 'itemId', 'change'].map((name) => ({ name })) }),
    'calendar-messages demands itemId, change: messages about watches are rejected',
  ],
  [
    'is in another language',
    'syntax = "proto3";',
    'calendar-messages is not a record of Avro: messages about watches are rejected',
  ],
  ['was deleted', undefined, 'was deleted: every message is rejected'],
])('a schema that %s is wrong', (_, definition, says) => {
  const finding = judgeTopicSchema(NAME, definition, TOPIC);
  expect(finding).toMatchObject({ verdict: 'wrong', says });
  expect(finding.fix).toMatch(
    /^gcloud pubsub schemas create .* && gcloud pubsub topics update projects\/p\/topics\//,
  );
});
