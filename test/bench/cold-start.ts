/** The time from the start of a process to its first response, and its resident memory then. */
import { randomBytes } from 'node:crypto';
import { request, type OutgoingHttpHeaders } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { PubSub } from '@google-cloud/pubsub';
import { requestMessage } from '../../functions/feed/notification.ts';
import { NAMES } from '../../infra/local/topics.ts';
import { environment } from './environment.ts';
import { figure, ratio, type Figure, type Result, type Size } from './figures.ts';
import { notifications } from './notifications.ts';
import { comparison, own, serve, type Subject } from './subjects.ts';

/** A subject, its first request, and the expected status. */
interface Start {
  readonly subject: Subject;
  readonly path?: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string;
  readonly status: number;
}

interface Measured {
  readonly ms: number;
  readonly residentMiB: number;
}

const PATIENCE_MS = 30_000;

/** Returns the status of the response; undefined while the process does not listen. */
function ask(url: string, { headers, body }: Start): Promise<number | undefined> {
  return new Promise((resolve) => {
    const sent = request(url, { method: 'POST', headers, agent: false }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode));
    });
    sent.once('error', () => resolve(undefined));
    sent.end(body);
  });
}

async function startOnce(start: Start, env: NodeJS.ProcessEnv): Promise<Measured> {
  const startedAt = performance.now();
  const served = await serve(start.subject, env);
  try {
    for (;;) {
      const status = await ask(`${served.url}${start.path ?? '/'}`, start);
      const ms = performance.now() - startedAt;
      if (status === start.status) return { ms, residentMiB: await served.residentMiB() };
      if (status !== undefined) throw new Error(`${start.subject.name} answered ${status}`);
      if (ms > PATIENCE_MS) throw new Error(`${start.subject.name} does not answer`);
      await pause(1);
    }
  } finally {
    await served.stop();
  }
}

/** Returns the first request of each subject: a valid notification, a push about an unknown watch, a run of renew. */
async function starts(env: Record<string, string>): Promise<readonly Start[]> {
  const headers = { 'content-length': '0' };
  const notification = notifications(env)('cold');
  const { attributes, data } = requestMessage(
    { reason: 'poll', watchId: 'cold' },
    'first',
    new Date(0).toISOString(),
  );
  const message = {
    attributes,
    data: data.toString('base64'),
    messageId: '1',
    publishTime: new Date().toISOString(),
  };
  const json = { 'content-type': 'application/json' };
  return [
    { subject: await comparison('empty'), headers, status: 204 },
    { subject: await comparison('obvious'), headers, status: 204 },
    { subject: own('receive'), headers: notification, status: 204 },
    {
      subject: own('sync'),
      path: `/projects/p/topics/${NAMES.notifications}`,
      headers: json,
      body: JSON.stringify({ message, subscription: 'projects/p/subscriptions/s' }),
      status: 204,
    },
    { subject: own('renew'), headers, status: 200 },
  ];
}

/** Starts each subject some times, in turns, after one start that does not count. */
export async function measureColdStart(size: Size, tell: (line: string) => void): Promise<Result> {
  const projectId = `demo-${randomBytes(4).toString('hex')}`;
  const pubsub = new PubSub({ projectId });
  const env = environment(projectId);
  const runs = size === 'full' ? 11 : 1;
  const measured = new Map<string, Measured[]>();
  tell(`${runs} starts of each`);
  try {
    await pubsub.createTopic(NAMES.notifications);
    const all = await starts(env);
    for (let run = size === 'full' ? 0 : 1; run <= runs; run += 1) {
      for (const start of all) {
        const { name } = start.subject;
        const values = measured.get(name) ?? [];
        measured.set(name, values);
        const once = await startOnce(start, env);
        if (run > 0) values.push(once);
      }
    }
  } finally {
    await pubsub.close();
  }
  return judge(
    (name) =>
      figure(
        `${name}: start to first answer`,
        'ms',
        (measured.get(name) ?? []).map(({ ms }) => ms),
      ),
    (name) =>
      figure(
        `${name}: resident`,
        'MiB',
        (measured.get(name) ?? []).map(({ residentMiB }) => residentMiB),
      ),
  );
}

function judge(time: (name: string) => Figure, memory: (name: string) => Figure): Result {
  const names = ['empty', 'obvious', 'receive', 'sync', 'renew'];
  return {
    figures: [...names.map(time), ...names.map(memory)],
    marks: [
      ratio('receive / empty', time('receive'), time('empty'), { most: 1.3 }),
      ratio('receive / obvious', time('receive'), time('obvious'), { most: 0.25 }),
      ratio('sync / empty', time('sync'), time('empty'), { most: 2.2 }),
      ratio('renew / empty', time('renew'), time('empty'), { most: 2.2 }),
      ratio('receive / empty, resident', memory('receive'), memory('empty'), { most: 1.3 }),
    ],
  };
}
