/** The doctor's findings on the schemas that topics enforce. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { CLOCK_SCHEMA, FEED_SCHEMA, judgeTopicSchema } from '../../../../../infra/cli/doctor/topic-schema.ts';

const TOPIC = 'projects/p/topics/some-topic';

describe.each([FEED_SCHEMA, CLOCK_SCHEMA])('the $what', (expected) => {
  const file = new URL(`../../../../../functions/feed/schemas/${expected.name}.avsc`, import.meta.url);
  const current = readFileSync(file, 'utf8');
  const name = `projects/p/schemas/${expected.name}`;

  test('is well as this version has it', () => {
    const { fields } = z
      .object({ fields: z.array(z.object({ name: z.string() })) })
      .parse(JSON.parse(current));
    expect(fields.map((field) => field.name)).toEqual(expected.fields);
    expect(judgeTopicSchema(name, current, TOPIC, expected)).toEqual({
      what: expected.what,
      verdict: 'well',
      says: expected.name,
    });
  });

  test.each([
    [
      'demands a field that not all messages have',
      JSON.stringify({ fields: [...expected.fields, 'itemId', 'change'].map((field) => ({ name: field })) }),
      `${expected.name} demands itemId, change: messages without them are rejected`,
    ],
    ['is in another language', 'syntax = "proto3";', `${expected.name} is not a record of Avro`],
    ['was deleted', undefined, 'was deleted: every message is rejected'],
  ])('is wrong if it %s', (_, definition, says) => {
    const finding = judgeTopicSchema(name, definition, TOPIC, expected);
    expect(finding).toMatchObject({ verdict: 'wrong', says });
    expect(finding.fix).toMatch(
      /^gcloud pubsub schemas create .* && gcloud pubsub topics update projects\/p\/topics\//,
    );
  });
});
