/** Many channels due at once: how many renew replaces in a second within Google's quota, and how long before the first one expires. */
import { setTimeout as pause } from 'node:timers/promises';
import { Timestamp, type Firestore } from '@google-cloud/firestore';
import { claimDocument } from '../../functions/watches/claims.ts';
import { parseSpec } from '../../functions/watches/spec.ts';
import { NAMES } from '../../infra/local/topics.ts';
import { startPipeline } from '../support/pipeline.ts';
import { figure, type Result, type Size } from './figures.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** The rest of each channel's life: less than `RENEW_BEFORE_SECONDS`, after up to a day without renew. */
const LEFT_MS = HOUR;

const at = (ms: number): Timestamp => Timestamp.fromMillis(Date.now() + ms);

/** Writes a watch as renew left it a week ago, with a channel that is due. */
async function writeDue(firestore: Firestore, users: readonly string[]): Promise<void> {
  const writer = firestore.bulkWriter();
  for (const [index, user] of users.entries()) {
    const id = `watch-${index}`;
    const spec = { user, resource: 'events', calendarId: user };
    const parsed = parseSpec(spec);
    if (!parsed.ok) throw new Error(parsed.problem);
    const { collection, parametersKey } = parsed.value;
    const channel = {
      id: `channel-${index}`,
      resourceId: 'r',
      expiresAt: at(LEFT_MS),
      createdAt: at(-24 * HOUR),
    };
    const sync = {
      token: 't',
      parametersKey,
      sequence: 1,
      startedAt: at(-HOUR),
      completedAt: at(-HOUR),
      failures: 0,
    };
    const status = { state: 'active', collection, channel: { ...channel, parametersKey }, sync };
    void writer.set(firestore.doc(`watches/${id}`), { spec, nextDueAt: at(0), status });
    void writer.set(claimDocument(firestore, collection), { watch: id });
    void writer.set(firestore.doc(`channels/${channel.id}`), {
      watch: id,
      user,
      auth: 'emulator',
      resource: 'events',
      calendarId: user,
      resourceId: 'r',
      state: 'live',
      expiresAt: channel.expiresAt,
      nextDueAt: channel.expiresAt,
    });
  }
  await writer.close();
}

/** Renews channels in as many runs as it takes, a minute apart, without sync, which has instances of its own. */
export async function measureRenewals(size: Size, tell: (line: string) => void): Promise<Result> {
  const count = size === 'full' ? 10_000 : 20;
  const users = Array.from({ length: count }, (_, index) => `user-${index}@example.com`);
  const cloud = await startPipeline({
    calendar: { initial: { users: users.map((email) => ({ email })) }, quotas: {} },
  });
  try {
    await cloud.pubsub.subscription(NAMES.sync).modifyPushConfig({});
    await cloud.end('sync');
    await writeDue(cloud.firestore, users);
    const startedAt = Date.now();
    const runs: number[] = [];
    let renewed = 0;
    for (let remaining = 1; remaining > 0;) {
      const next = startedAt + runs.length * MINUTE;
      // As Cloud Scheduler does: each run has its own share of the quota.
      if (next > Date.now()) await pause(next - Date.now());
      const from = performance.now();
      const summary = await cloud.renew();
      runs.push((performance.now() - from) / 1000);
      if (summary.renewed === 0) throw new Error(`renew does nothing: ${JSON.stringify(summary)}`);
      renewed += summary.renewed;
      remaining = count - renewed;
      tell(`${renewed} of ${count}`);
    }
    const seconds = (Date.now() - startedAt) / 1000;
    const calls = cloud.calendar.journal.requests({ method: 'calendar.events.watch' });
    const good = calls.filter(({ status }) => status === 200).length;
    return {
      figures: [
        figure('channels renewed in a second of a run', '/s', [
          count / runs.reduce((sum, each) => sum + each, 0),
        ]),
        figure('one run of renew', 's', runs),
        figure(`all ${count} renewed`, 's', [seconds]),
      ],
      marks: [
        { what: 'renewed before it ended, of all', value: seconds * 1000 < LEFT_MS ? 1 : 0, least: 1 },
        { what: 'watch calls within the quota, of all', value: good / calls.length, least: 1 },
      ],
    };
  } finally {
    await cloud[Symbol.asyncDispose]();
  }
}
