/** What requests with forged tokens cost: anyone can send them to the public webhook. */
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import autocannon from 'autocannon';
import { serveFunction } from '../../infra/local/function.ts';
import { freePort } from '../../infra/local/ports.ts';
import { notificationHeaders } from '../support/notification-request.ts';
import { environment } from './environment.ts';
import { figure, type Result, type Size } from './figures.ts';
import { own } from './subjects.ts';

/** US dollars, as Google lists them: Cloud Run in us-central1 with 1 vCPU and 0.25 GiB, billed per 100 ms; Cloud Logging per GiB. */
const PRICE = { request: 0.4 / 1e6, second: 0.000024 + 0.25 * 0.0000025, loggedGiB: 0.5 };
const BILLED_SECONDS = 0.1;
/** Bytes of Cloud Run's own log entry about a request: an estimate, as it cannot be measured here. */
const REQUEST_LOG_BYTES = 900;

/** Clock ticks of the CPU time in `/proc`, 100 a second on every Linux. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICK_MS = 10;

/** Returns the CPU time that a process has used, in ms. */
async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
  // The second field is the name, which may have spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

export async function measureForged(size: Size, tell: (line: string) => void): Promise<Result> {
  const [rounds, amount] = size === 'full' ? [5, 10_000] : [1, 500];
  let loggedBytes = 0;
  const receive = await serveFunction({
    name: 'receive',
    source: own('receive').source,
    port: await freePort(),
    env: { ...process.env, ...environment(`demo-${randomBytes(4).toString('hex')}`) },
    onLog: ({ line }) => (loggedBytes += line.length + 1),
  });
  const requests = Array.from({ length: 100 }, () => {
    const headers = notificationHeaders(randomUUID(), 'k1.watch.forged');
    const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    return { method: 'POST' as const, headers: Object.fromEntries(texts) };
  });
  const cpuMicros: number[] = [];
  const bytes: number[] = [];
  try {
    tell(`${rounds} rounds of ${amount} forged requests`);
    for (let round = 0; round <= rounds; round += 1) {
      const [usedBefore, loggedBefore] = [await cpuMs(receive.pid()), loggedBytes];
      const { statusCodeStats } = await autocannon({ url: receive.url, connections: 64, amount, requests });
      const rejected = statusCodeStats?.['403']?.count ?? 0;
      if (rejected < amount) throw new Error(`${amount} were sent, ${rejected} rejected`);
      if (round === 0) continue;
      cpuMicros.push(((await cpuMs(receive.pid())) - usedBefore) * (1_000 / amount));
      bytes.push((loggedBytes - loggedBefore) / amount);
    }
  } finally {
    await receive.kill();
  }
  const cpu = figure('CPU time of a forged request', 'µs', cpuMicros);
  const million = (seconds: number): number => 1e6 * (PRICE.request + seconds * PRICE.second);
  return {
    figures: [
      cpu,
      figure('a million forged requests, one at a time', '$', [million(BILLED_SECONDS)]),
      figure('a million forged requests, as fast as they are answered', '$', [million(cpu.median / 1e6)]),
      figure('Cloud Run’s log of a million rejected requests, which is excluded', '$', [
        ((REQUEST_LOG_BYTES * 1e6) / 2 ** 30) * PRICE.loggedGiB,
      ]),
    ],
    marks: [
      // At least the first entry, and one a minute.
      { what: 'bytes that receive logs for a forged request', value: Math.max(0.001, ...bytes), most: 1 },
    ],
  };
}
