/** Every message names its schema, and the schemas describe exactly the messages of the functions. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { changeMessage, type Change } from '../../../../functions/feed/change.ts';
import { deadLetterMessage } from '../../../../functions/feed/dead-letter.ts';
import type { OutgoingMessage } from '../../../../functions/feed/envelope.ts';
import { pushMessage, requestMessage } from '../../../../functions/feed/notification.ts';
import { replayEndedMessage } from '../../../../infra/cli/replay/ended.ts';
import { watchMessage, type WatchMessage } from '../../../../functions/feed/watch-message.ts';
import { STATES } from '../../../../functions/watches/states.ts';
import { schemaFiles } from '../../../../infra/build/topic-schemas.ts';
import { schemaProblem } from '../../../support/message-schemas.ts';
import { sampleChange } from '../../../support/sample-change.ts';

const FOLDER = new URL('../../../../functions/feed/schemas/', import.meta.url);
const fileOf = (name: string): unknown => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));

const received = ({ attributes, data }: OutgoingMessage) => ({
  attributes,
  data: z.record(z.string(), z.unknown()).parse(JSON.parse(data.toString())),
});
const problemOf = (message: OutgoingMessage): string | undefined => schemaProblem(received(message));

test('the files are those of the schemas in the code', () => {
  const files = schemaFiles();
  const names = readdirSync(FOLDER).filter((name) => name !== 'README.md');
  expect(names.toSorted()).toEqual(Object.keys(files).toSorted());
  for (const [name, schema] of Object.entries(files))
    expect(fileOf(name), 'stale: npm run schemas').toEqual(schema);
});

test('the file of a schema is named after its URN', () => {
  for (const [name, schema] of Object.entries(schemaFiles()).filter(([each]) => each.endsWith('.json')))
    expect(schema).toMatchObject({
      $id: `urn:calendar-mirror:${name.replace('.json', '').replace('.', ':')}`,
    });
});

const CHANGE = sampleChange({ id: 'review' }, { id: 'review', attendees: [{ email: 'bob@example.com' }] });
const TIME = '2030-01-01T00:00:00.000Z';
const TEAM = { user: 'ada@example.com', resource: 'events', calendarId: 'team' } as const;

describe('the schema of a change', () => {
  test.each<[string, Partial<Change>]>([
    ['an edited event', {}],
    ['a snapshot', { change: 'snapshot', before: null }],
    ['a deletion', { change: 'deleted', after: null }],
    ['a setting', { resource: 'settings', calendarId: null }],
    ['a change with omissions', { omitted: ['before'], before: null }],
    ['a user too long for an attribute', { user: 'a'.repeat(2000) }],
  ])('accepts the message of %s', (_, more) => {
    expect(problemOf(changeMessage({ ...CHANGE, ...more }, 'users/x'))).toBeUndefined();
    expect(problemOf(changeMessage({ ...CHANGE, ...more }, 'users/x', 'a-replay'))).toBeUndefined();
  });

  const good = received(changeMessage(CHANGE, 'users/x'));
  test.each([
    ['an unknown change', { ...good, data: { ...good.data, change: 'vanished' } }],
    ['a sequence below 1', { ...good, data: { ...good.data, sequence: 0 } }],
    ['an item that is a list', { ...good, data: { ...good.data, after: [] } }],
    ['no item', { ...good, data: { ...good.data, after: undefined } }],
    ['another type', { ...good, attributes: { ...good.attributes, 'ce-type': 'calendar.tasks.created' } }],
    ['no watch', { ...good, attributes: { ...good.attributes, watch: undefined } }],
    ['another schema', { ...good, attributes: { ...good.attributes, 'ce-dataschema': 'urn:x:1' } }],
    ['no schema', { ...good, attributes: { ...good.attributes, 'ce-dataschema': undefined } }],
  ])('rejects %s', (_, { attributes, data }) => {
    expect(schemaProblem(JSON.parse(JSON.stringify({ attributes, data })))).toBeDefined();
  });
});

describe('the schema of a message about a watch', () => {
  const watch: WatchMessage = {
    watchId: 'team',
    ...TEAM,
    state: 'active',
    sequence: 0,
    occurredAt: TIME,
  };
  test.each<[string, Partial<WatchMessage>]>([
    ...STATES.map((state): [string, Partial<WatchMessage>] => [`the state ${state}`, { state }]),
    ['a state with its reason', { state: 'paused', reason: 'invalid_grant' }],
    ['the end of a full sync', { items: 3, sequence: 7 }],
    ['a spec that names nothing', { user: null, resource: null, calendarId: null, state: 'paused' }],
  ])('accepts %s', (_, more) => {
    expect(problemOf(watchMessage({ ...watch, ...more }, 1))).toBeUndefined();
  });

  test('rejects a state that does not exist', () => {
    const { attributes, data } = received(watchMessage(watch, 1));
    expect(schemaProblem({ attributes, data: { ...data, state: 'asleep' } })).toBeDefined();
  });
});

test('the schema of the end of a replay accepts it, and rejects one without a count', () => {
  const ended = { watchId: 'team', replay: 'a-replay', count: 0, sequence: 0 };
  const { attributes, data } = received(replayEndedMessage(ended, TEAM, TIME));
  expect(schemaProblem({ attributes, data })).toBeUndefined();
  const { count: _, ...rest } = data;
  expect(schemaProblem({ attributes, data: rest })).toBeDefined();
});

test('the schema of a dead letter accepts it, whatever it holds', () => {
  const letters = [
    { attributes: { watch: 'x' }, text: '{', messageId: '7' },
    { attributes: undefined, text: '', messageId: undefined },
  ];
  for (const letter of letters)
    expect(problemOf(deadLetterMessage(letter, 'the data is not a JSON object', TIME))).toBeUndefined();
});

const request = (data: Parameters<typeof requestMessage>[0]) => requestMessage(data, 'id', TIME);

describe('the schema of a notification', () => {
  const push = {
    channelId: 'channel',
    messageNumber: 3,
    resourceId: 'resource',
    resourceState: 'exists',
    resourceUri: 'https://www.googleapis.com/calendar/v3/calendars/x/events?alt=json',
    receivedAt: TIME,
  };
  test.each([
    ['a push', pushMessage('team', push)],
    ['a push on a channel that expires', pushMessage('team', { ...push, channelExpiration: '2030-01-02' })],
    ['a poll', request({ watchId: 'team', reason: 'poll' })],
    ['a continuation', request({ watchId: 'team', reason: 'continue', traversal: 't', position: 2 })],
    ['a manual request', request({ watchId: 'team', reason: 'manual', full: true })],
  ])('accepts the message of %s', (_, message) => {
    expect(problemOf(message)).toBeUndefined();
  });

  test('accepts a manual request with only the required attributes', () => {
    const schema = { 'ce-dataschema': 'urn:calendar-mirror:notification:1' };
    const attributes = { watch: 'team', reason: 'manual', ...schema };
    expect(schemaProblem({ attributes, data: { full: true } })).toBeUndefined();
    expect(schemaProblem({ attributes, data: { full: 'yes' } })).toBeDefined();
  });

  test('rejects a push without a channel', () => {
    const { attributes, data } = received(pushMessage('team', push));
    const { channelId: _, ...rest } = data;
    expect(schemaProblem({ attributes, data: rest })).toBeDefined();
  });
});
