import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { changeMessage, type Change } from '../../../../functions/feed/change.ts';
import type { OutgoingMessage } from '../../../../functions/feed/envelope.ts';
import { pushMessage, requestMessage } from '../../../../functions/feed/notification.ts';
import { schemaFiles } from '../../../../infra/build/topic-schemas.ts';
import { sampleChange } from '../../../support/sample-change.ts';

const FOLDER = new URL('../../../../functions/feed/schemas/', import.meta.url);
const fileOf = (name: string): unknown => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));

/** Validates a message with the checked-in JSON Schema. */
const conforms = (topic: string, message: { attributes: unknown; data: unknown }): boolean =>
  z.fromJSONSchema(z.custom<z.core.JSONSchema.JSONSchema>().parse(fileOf(`${topic}.json`))).safeParse(message)
    .success;
const received = ({ attributes, data }: OutgoingMessage) => ({
  attributes,
  data: z.record(z.string(), z.unknown()).parse(JSON.parse(data.toString())),
});

test('the files are those of the schemas in the code', () => {
  const files = schemaFiles();
  expect(readdirSync(FOLDER).toSorted()).toEqual(Object.keys(files).toSorted());
  for (const [name, schema] of Object.entries(files))
    expect(fileOf(name), 'stale: npm run schemas').toEqual(schema);
});

const CHANGE = sampleChange({ id: 'review' }, { id: 'review', attendees: [{ email: 'bob@example.com' }] });

describe('the schema of calendar-changes', () => {
  test.each<[string, Partial<Change>]>([
    ['an edited event', {}],
    ['a snapshot', { change: 'snapshot', before: null }],
    ['a deletion', { change: 'deleted', after: null }],
    ['a setting', { resource: 'settings', calendarId: null }],
    ['a change with omissions', { omitted: ['before'], before: null }],
    ['a user too long for an attribute', { user: 'a'.repeat(2000) }],
  ])('accepts the message of %s', (_, more) => {
    const message = changeMessage({ ...CHANGE, ...more }, 'users/x');
    expect(conforms('calendar-changes', received(message))).toBe(true);
  });

  const good = received(changeMessage(CHANGE, 'users/x'));
  test.each([
    ['an unknown change', { ...good, data: { ...good.data, change: 'vanished' } }],
    ['a sequence below 1', { ...good, data: { ...good.data, sequence: 0 } }],
    ['an item that is a list', { ...good, data: { ...good.data, after: [] } }],
    ['no item', { ...good, data: { ...good.data, after: undefined } }],
    ['another type', { ...good, attributes: { ...good.attributes, 'ce-type': 'calendar.tasks.created' } }],
    ['no watch', { ...good, attributes: { ...good.attributes, watch: undefined } }],
  ])('rejects %s', (_, message) => {
    expect(conforms('calendar-changes', message)).toBe(false);
  });
});

const request = (data: Parameters<typeof requestMessage>[0]) =>
  requestMessage(data, 'id', '2030-01-01T00:00:00.000Z');

describe('the schema of calendar-notifications', () => {
  const push = {
    channelId: 'channel',
    messageNumber: 3,
    resourceId: 'resource',
    resourceState: 'exists',
    resourceUri: 'https://www.googleapis.com/calendar/v3/calendars/x/events?alt=json',
    receivedAt: '2030-01-01T00:00:00.000Z',
  };
  test.each([
    ['a push', pushMessage('team', push)],
    ['a push on a channel that expires', pushMessage('team', { ...push, channelExpiration: '2030-01-02' })],
    ['a poll', request({ watchId: 'team', reason: 'poll' })],
    ['a continuation', request({ watchId: 'team', reason: 'continue', traversal: 't', position: 2 })],
    ['a manual request', request({ watchId: 'team', reason: 'manual', full: true })],
  ])('accepts the message of %s', (_, message) => {
    expect(conforms('calendar-notifications', received(message))).toBe(true);
  });

  test('accepts a manual request with only the required attributes', () => {
    const attributes = { watch: 'team', reason: 'manual' };
    expect(conforms('calendar-notifications', { attributes, data: { full: true } })).toBe(true);
    expect(conforms('calendar-notifications', { attributes, data: { full: 'yes' } })).toBe(false);
  });

  test('rejects a push without a channel', () => {
    const { attributes, data } = received(pushMessage('team', push));
    const message = { attributes, data: { ...data, channelId: undefined } };
    expect(conforms('calendar-notifications', message)).toBe(false);
  });
});
