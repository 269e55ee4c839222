/** How many notifications a second `receive` handles, beside an empty function that publishes with the Pub/Sub client. */
import { randomBytes } from 'node:crypto';
import { PubSub } from '@google-cloud/pubsub';
import autocannon from 'autocannon';
import { portAnswers } from '../../infra/local/ports.ts';
import { NAMES } from '../../infra/local/topics.ts';
import { until } from '../../infra/local/until.ts';
import { environment } from './environment.ts';
import { figure, ratio, type Figure, type Result, type Size } from './figures.ts';
import { notifications } from './notifications.ts';
import { comparison, own, serve, type Served } from './subjects.ts';

const CONNECTIONS = 64;
const SUBJECTS = ['receive', 'publisher'] as const;

interface Round {
  readonly perSecond: number;
  readonly medianMs: number;
}

/** Sends valid notifications for some seconds. @throws Error if any of them is not answered with success. */
async function fire(
  url: string,
  headers: readonly Record<string, string>[],
  seconds: number,
): Promise<Round> {
  const requests = headers.map((each) => ({ method: 'POST' as const, headers: each }));
  const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds, requests });
  if (result.non2xx + result.errors > 0)
    throw new Error(`${result.non2xx} refused, ${result.errors} failed at ${url}`);
  return { perSecond: result.requests.average, medianMs: result.latency.p50 };
}

/** Measures both in turns, after a first round that does not count. */
export async function measureThroughput(size: Size, tell: (line: string) => void): Promise<Result> {
  const env = environment(`demo-${randomBytes(4).toString('hex')}`);
  const [rounds, seconds] = size === 'full' ? [5, 5] : [1, 1];
  const pubsub = new PubSub({ projectId: env.GOOGLE_CLOUD_PROJECT });
  const served: Served[] = [];
  const measured: Record<(typeof SUBJECTS)[number], Round[]> = { receive: [], publisher: [] };
  try {
    await pubsub.createTopic(NAMES.notifications);
    const make = notifications(env);
    const headers = Array.from({ length: 200 }, (_, index) => make(`watch-${index}`));
    for (const subject of [own('receive'), await comparison('publisher')]) {
      const one = await serve(subject, env);
      served.push(one);
      await until(() => portAnswers(Number(new URL(one.url).port)), {
        what: `${subject.name} listens`,
        withinMs: 30_000,
      });
    }
    tell(`${rounds} rounds of ${seconds} s each, ${CONNECTIONS} connections`);
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, name] of SUBJECTS.entries()) {
        const result = await fire(served[index]?.url ?? '', headers, seconds);
        if (round > 0) measured[name].push(result);
      }
    }
  } finally {
    await Promise.all([...served.map((each) => each.stop()), pubsub.close()]);
  }
  const rate = (name: (typeof SUBJECTS)[number]): Figure =>
    figure(
      `${name}: notifications`,
      '/s',
      measured[name].map(({ perSecond }) => perSecond),
    );
  const latency = (name: (typeof SUBJECTS)[number]): Figure =>
    figure(
      `${name}: median latency`,
      'ms',
      measured[name].map(({ medianMs }) => medianMs),
    );
  return {
    figures: [rate('receive'), rate('publisher'), latency('receive'), latency('publisher')],
    marks: [
      ratio('receive / publisher, notifications a second', rate('receive'), rate('publisher'), {
        least: 0.9,
      }),
      ratio('receive / publisher, latency', latency('receive'), latency('publisher')),
    ],
  };
}
