/** The example join-in-time acts at the second, once, and only if the event is still at that time. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Timestamp } from '@google-cloud/firestore';
import { PubSub } from '@google-cloud/pubsub';
import { afterAll, describe, expect, test } from 'vitest';
import { clockMessage, type ClockMessage } from '../../../../functions/feed/clock-message.ts';
import { createFirestore } from '../../../../functions/firestore/client.ts';
import { createMomentHandler } from '../../../../infra/examples/join-in-time/handle-moment.ts';
import { eventually } from '../../../support/eventually.ts';

const projectId = `demo-${randomBytes(4).toString('hex')}`;
const firestore = createFirestore(projectId, '(default)');
const pubsub = new PubSub({ projectId });
afterAll(() => Promise.all([firestore.terminate(), pubsub.close()]));

const START = Date.parse('2030-01-07T09:00:00Z');
const MINUTE = 60_000;
const iso = (at: number): string => new Date(at).toISOString();

let users = 0;

/** A user with one mirrored event, and messages about it. */
function meeting() {
  const user = `ana-${String((users += 1))}@example.com`;
  const document = firestore.doc(`users/${user}/calendars/${user}/events/review`);
  const mirror = async (start: number, end: number, more: object = {}): Promise<void> => {
    const times = { start: { dateTime: iso(start) }, end: { dateTime: iso(end) } };
    const [startsAt, endsAt] = [start, end].map((at) => Timestamp.fromMillis(at));
    const data = { id: 'review', summary: 'Review', location: 'zoom.us/j/123', ...times, ...more };
    const derived = { startsAt, endsAt, activeUntil: endsAt, recurringEventId: null, status: null };
    await document.set({ user, calendarId: user, watch: user, data, ...derived, sequence: 1 });
  };
  const message = (given: Partial<ClockMessage> = {}) =>
    clockMessage(
      {
        watchId: user,
        user,
        calendarId: user,
        eventId: 'review',
        moment: 'start',
        dueAt: iso(START),
        startsAt: iso(START),
        endsAt: iso(START + 30 * MINUTE),
        sequence: 1,
        event: { id: 'review', summary: 'Review', location: 'zoom.us/j/123' },
        ...given,
      },
      document.path,
    );
  return { mirror, message, remove: () => document.delete() };
}

/** The handler with a time of its own. `meanwhile` happens while a message is held. */
function consumer(at: number, meanwhile: () => Promise<unknown> = () => Promise.resolve()) {
  let now = at;
  const acts: { readonly moment: string; readonly at: number; readonly late: boolean }[] = [];
  const handle = createMomentHandler(firestore, {
    now: () => now,
    wait: async (ms) => {
      await meanwhile();
      now += ms;
    },
    act: ({ moment, late = false }) => void acts.push({ moment, at: now, late }),
  });
  return { handle, acts };
}

const IN_TIME = [{ moment: 'start', at: START, late: false }];

describe('a moment', () => {
  test('is held until it is due, although a timer ends early', async () => {
    const { mirror, message } = meeting();
    await mirror(START, START + 30 * MINUTE);
    let now = START - 90_000;
    const acts: number[] = [];
    const handle = createMomentHandler(firestore, {
      now: () => now,
      wait: async (ms) => void (now += Math.max(1, ms - 1)),
      act: () => void acts.push(now),
    });
    await handle(message());
    expect(acts).toEqual([START]);
  });

  test('is acted on once, whatever is delivered again, at once or after a crash', async () => {
    const { mirror, message } = meeting();
    await mirror(START, START + 30 * MINUTE);
    const { handle, acts } = consumer(START - 90_000);
    await Promise.all([handle(message()), handle(message())]);
    await handle(message({ late: true }));
    expect(acts).toEqual(IN_TIME);
    const restarted = consumer(START + MINUTE);
    await restarted.handle(message());
    expect(restarted.acts).toEqual([]);
  });

  test('is acted on at once if it has passed', async () => {
    const { mirror, message } = meeting();
    await mirror(START, START + 30 * MINUTE);
    const { handle, acts } = consumer(START + MINUTE, () => Promise.reject(new Error('it waits')));
    await handle(message({ late: true }));
    expect(acts).toEqual([{ moment: 'start', at: START + MINUTE, late: true }]);
  });

  test('that could not be acted on, as the mirror was out of reach, can be delivered again', async () => {
    const { mirror, message } = meeting();
    await mirror(START, START + 30 * MINUTE);
    const broken = consumer(START - MINUTE, () => Promise.reject(new Error('no Firestore')));
    await expect(broken.handle(message())).rejects.toThrow('no Firestore');
    const { handle, acts } = consumer(START - MINUTE);
    await handle(message());
    expect(acts).toEqual(IN_TIME);
  });
});

type Meeting = ReturnType<typeof meeting>;

describe('an event that, while its moment is held,', () => {
  const length = 30 * MINUTE;
  const decided = async (edit: (held: Meeting) => Promise<unknown>) => {
    const held = meeting();
    await held.mirror(START, START + length);
    const { handle, acts } = consumer(START - MINUTE, () => edit(held));
    await handle(held.message());
    return acts;
  };

  test.each<[string, (held: Meeting) => Promise<unknown>]>([
    ['stays as it is', () => Promise.resolve()],
    ['gets longer', ({ mirror }) => mirror(START, START + 2 * length)],
    ['is renamed', ({ mirror }) => mirror(START, START + length, { summary: 'Retro' })],
  ])('%s is joined', async (_, edit) => {
    expect(await decided(edit)).toEqual(IN_TIME);
  });

  test.each<[string, (held: Meeting) => Promise<unknown>]>([
    ['is moved', ({ mirror }) => mirror(START + 10 * MINUTE, START + 10 * MINUTE + length)],
    ['is moved by a second', ({ mirror }) => mirror(START + 1000, START + length)],
    ['is cancelled', ({ mirror }) => mirror(START, START + length, { status: 'cancelled' })],
    ['is deleted', ({ remove }) => remove()],
  ])('%s is not joined', async (_, edit) => {
    expect(await decided(edit)).toEqual([]);
  });
});

test('an end that is moved has a moment of its own', async () => {
  const { mirror, message } = meeting();
  const [end, later] = [START + 30 * MINUTE, START + 45 * MINUTE];
  const ending = (at: number) => message({ moment: 'end', dueAt: iso(at), endsAt: iso(at) });
  await mirror(START, later);
  const { handle, acts } = consumer(end - MINUTE);
  await handle(ending(end));
  await handle(ending(later));
  expect(acts).toEqual([{ moment: 'end', at: later, late: false }]);
});

test('the program prints how to join, and continues after a message that is not a moment', async () => {
  const [topic] = await pubsub.createTopic('calendar-clock');
  await topic.createSubscription('join-in-time');
  const { mirror, message } = meeting();
  const start = Date.now() - 1000;
  await mirror(start, start + MINUTE);
  const times = { dueAt: iso(start), startsAt: iso(start), endsAt: iso(start + MINUTE) };
  await topic.publishMessage({ data: Buffer.from('{}') });
  await topic.publishMessage(message({ ...times, late: true }));
  const program = fileURLToPath(new URL('../../../../infra/examples/join-in-time/index.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=calendar-mirror-source', program], {
    env: { ...process.env, GOOGLE_CLOUD_PROJECT: projectId },
  });
  const ended = once(child, 'close');
  try {
    const printed = { out: '', err: '' };
    child.stdout.on('data', (text: Buffer) => (printed.out += text.toString()));
    child.stderr.on('data', (text: Buffer) => (printed.err += text.toString()));
    await eventually(() => {
      expect(printed.out).toMatch(/^ana-\d+@example\.com joins https:\/\/zoom\.us\/j\/123 late\n$/);
      expect(printed.err).toContain('data does not match the ClockMessage schema');
    });
  } finally {
    child.kill();
    await ended;
  }
});
