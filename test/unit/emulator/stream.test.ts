import type { Readable } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { createStream } from '../../../infra/emulator/control/stream.ts';
import { createJournal } from '../../../infra/emulator/journal/journal.ts';

const PATH = 'http://127.0.0.1/emulator/stream';
const opened: Readable[] = [];

afterEach(() => {
  for (const client of opened.splice(0)) client.destroy();
});

interface Message {
  readonly type: string;
  readonly id: string | undefined;
  readonly data: string;
}

function start() {
  const journal = createJournal();
  const stream = createStream({ journal, clock: { now: () => Date.now() + 3_600_000 } });

  /** Connects, and returns a function that reads everything that was sent since it was last called. */
  function connect(last?: string): () => Message[] {
    const headers = last === undefined ? {} : { 'last-event-id': last };
    const reply = stream.serve({ method: 'GET', url: new URL(PATH), headers, body: '' });
    const body = reply?.stream;
    if (body === undefined) throw new Error('the answer is not a stream');
    opened.push(body.setEncoding('utf8'));
    return () => messagesOf(String(body.read() ?? ''));
  }

  const record = (status: number): void =>
    journal.record({
      kind: 'request',
      id: 'request-1',
      time: status,
      method: 'calendar.events.list',
      httpMethod: 'GET',
      path: '/',
      query: {},
      status,
      ms: 1,
    });
  return { journal, stream, connect, record };
}

function messagesOf(text: string): Message[] {
  return text.split('\n\n').flatMap((block) => {
    const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    const type = field('event');
    return type === undefined ? [] : [{ type, id: field('id'), data: field('data') ?? '' }];
  });
}

const statuses = (messages: readonly Message[]): readonly number[] =>
  messages.filter(({ type }) => type === 'entry').map(({ data }) => Number(/"status":(\d+)/.exec(data)?.[1]));

test('a client gets what the journal has, and then each entry as it is recorded', () => {
  const { connect, record } = start();
  record(200);
  record(201);
  const read = connect();
  expect(statuses(read())).toEqual([200, 201]);
  record(202);
  expect(statuses(read())).toEqual([202]);
});

test('a client that connects again gets what it missed, once', () => {
  const { connect, record } = start();
  record(200);
  const last = connect()().at(-1)?.id;
  record(201);
  record(202);
  const messages = connect(last)();
  expect(statuses(messages)).toEqual([201, 202]);
  expect(messages.map(({ type }) => type)).not.toContain('restart');
});

test('a client of an emulator that is gone starts anew', () => {
  const { connect, record } = start();
  record(200);
  const messages = connect('another-emulator/7')();
  expect(messages.map(({ type }) => type)).toEqual(['clock', 'restart', 'entry']);
});

test('a client that missed more than is kept starts anew, with the latest entries', () => {
  const { connect, record } = start();
  record(200);
  const last = connect()().at(-1)?.id;
  for (let count = 0; count < 20_000; count += 1) record(201);
  const messages = connect(last)();
  expect(messages.filter(({ type }) => type === 'restart')).toHaveLength(1);
  expect(statuses(messages)).toHaveLength(1_000);
});

test('every client is told when the journal is cleared, and continues from there', () => {
  const { journal, connect, record } = start();
  record(200);
  const read = connect();
  read();
  journal.clear();
  const [restart] = read();
  expect(restart?.type).toBe('restart');
  record(201);
  expect(statuses(connect(restart?.id)())).toEqual([201]);
});

test('a change by a control route comes with the time', () => {
  const { stream, connect } = start();
  const read = connect();
  read();
  stream.changed();
  expect(read()).toEqual([
    { type: 'change', id: undefined, data: '{}' },
    // Each reads the clock of the machine by itself.
    { type: 'clock', id: undefined, data: expect.stringMatching(/^\{"ahead":3(?:5999|6000)\d\d\}$/) },
  ]);
});

test('other paths and methods are left to others', () => {
  const { stream } = start();
  const serve = (method: string, url: string) =>
    stream.serve({ method, url: new URL(url), headers: {}, body: '' });
  expect(serve('POST', PATH)).toBeUndefined();
  expect(serve('GET', `${PATH}s`)).toBeUndefined();
});
