import { ANA } from '../seeds/example.ts';
import { generatedId, PROJECTS } from '../seeds/large.ts';
import { until } from '../until.ts';
import { deleted, projectPath, mirrored } from './edits.ts';
import type { Stage } from './stage.ts';
import { TIMEOUT_MS } from './stopwatch.ts';

/** Makes a hundred edits of one calendar at once, which cost only a few list calls. */
export async function burst(stage: Stage): Promise<string> {
  const { cloud, stopwatch, as } = stage;
  const lists = (): number =>
    cloud.calendar.journal
      .requests({ method: 'calendar.events.list' })
      .filter(({ path }) => decodeURIComponent(path).includes(PROJECTS)).length;
  const before = lists();
  await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      stopwatch.edit(
        () => as(ANA).patch(projectPath(100 + index), { summary: `Task ${index}, done` }),
        mirrored(stage, PROJECTS),
      ),
    ),
  );
  const calls = lists() - before;
  return `100 edits, ${calls} list call${calls === 1 ? '' : 's'}`;
}

/** Expires the sync token. A full sync beside the live mirror finds an edit and a deletion. */
export async function expireToken(stage: Stage): Promise<string> {
  const { cloud, stopwatch, as, logs } = stage;
  const watch = watchOf(stage);
  const from = logs.length;
  cloud.calendar.store.expireSyncTokens({ resource: 'events', calendarId: PROJECTS });
  await Promise.all([
    stopwatch.edit(
      () => as(ANA).patch(projectPath(300), { summary: 'After the token' }),
      mirrored(stage, PROJECTS),
    ),
    stopwatch.edit(
      () => as(ANA).remove(projectPath(301)),
      () => deleted(stage, PROJECTS, generatedId('projects', 301)),
    ),
  ]);
  await until(
    () => logs.slice(from).some(({ message, fields }) => isSync(message, fields, watch, 'kind', 'full')),
    { what: `the functions log a full sync of ${watch}`, withinMs: TIMEOUT_MS },
  );
  return '410, answered by a full sync';
}

/** Drops the notification of an edit. A poll finds the edit. */
export async function loseNotification(stage: Stage): Promise<string> {
  const { cloud, stopwatch, as, logs } = stage;
  const watch = watchOf(stage);
  const from = logs.length;
  const fault = cloud.calendar.faults.add({
    on: 'notification',
    match: { resource: 'events', calendarId: PROJECTS, state: 'exists' },
    effect: { do: 'drop' },
  });
  await stopwatch.edit(
    () => as(ANA).patch(projectPath(400), { summary: 'Edit without notification' }),
    mirrored(stage, PROJECTS),
    {
      timed: false,
    },
  );
  cloud.calendar.faults.remove(fault);
  await until(
    () => logs.slice(from).some(({ message, fields }) => isSync(message, fields, watch, 'reason', 'poll')),
    { what: `the functions log a poll of ${watch}`, withinMs: TIMEOUT_MS },
  );
  return 'found by a poll';
}

/** Sends notifications with the ids of a channel but without its token. All are rejected, and none is published. */
export async function forgeNotifications({ cloud, logs }: Stage): Promise<string> {
  const [channel] = cloud.calendar.channels.list({ user: ANA, resource: 'settings' });
  const [other] = cloud.calendar.channels.list({ user: ANA, resource: 'calendarList' });
  if (channel === undefined || other?.token === undefined)
    throw new Error('there are no channels to forge notifications of');
  const tokens = [undefined, 'made up', other.token];
  const answers = await Promise.all(
    tokens.map((token) =>
      fetch(cloud.urls.receive, {
        method: 'POST',
        headers: {
          'x-goog-channel-id': channel.id,
          'x-goog-message-number': '999999',
          'x-goog-resource-id': channel.resourceId,
          'x-goog-resource-state': 'exists',
          'x-goog-resource-uri': channel.resourceUri,
          ...(token === undefined ? {} : { 'x-goog-channel-token': token }),
        },
      }),
    ),
  );
  const statuses = answers.map(({ status }) => status);
  if (statuses.some((status) => status !== 403))
    throw new Error(`expected 403 from receive, got ${statuses.join(', ')}`);
  if (
    logs.some(({ message, fields }) => message === 'notification published' && fields['number'] === 999_999)
  ) {
    throw new Error('receive published a forged notification');
  }
  return 'no token, a made-up one, another channel’s: 403 each';
}

/** Waits until every channel was replaced, which happens before it expires. */
export async function awaitRenewals({ cloud, watches, logs }: Stage): Promise<string> {
  const pushed = new Set(
    cloud.calendar.journal
      .requests({ status: 200 })
      .filter(({ method }) => method.endsWith('.watch'))
      .map(({ path, user }) => `${user} ${path}`),
  );
  const renewed = (): number =>
    watches.filter(({ id }) =>
      logs.some(({ message, fields }) => message === 'channel renewed' && fields['watch'] === id),
    ).length;
  await until(() => renewed() >= pushed.size, {
    what: `the channels of all ${pushed.size} pushed watches are renewed`,
    withinMs: TIMEOUT_MS,
    everyMs: 100,
  });
  return `${renewed()} channels`;
}

function watchOf({ watching }: Stage): string {
  const [watch] = watching({ resource: 'events', calendarId: PROJECTS });
  if (watch === undefined) throw new Error('the large calendar has no watch');
  return watch.id;
}

function isSync(
  message: string,
  fields: Readonly<Record<string, unknown>>,
  watch: string,
  field: 'kind' | 'reason',
  value: string,
): boolean {
  return message === 'synced' && fields['watch'] === watch && fields[field] === value;
}
