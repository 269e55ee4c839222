import pLimit from 'p-limit';
import * as z from 'zod';

import { reasonOf, type Item } from '../../local/demo/api.ts';
import { until } from '../../local/until.ts';
import { mustFind } from '../wait.ts';
import {
  awaitChange,
  between,
  createEditor,
  gone,
  momentOf,
  version,
  type Data,
  type Editor,
} from './editor.ts';
import { EXPIRED_TOKEN, probeChannels, probeLists, probeOccurrences } from './probes.ts';
import type { PlayStep } from './play-step.ts';
import { calendarPath } from './stage.ts';
import type { Trial } from './trial.ts';

/** The steps of a trial. Each edit is seen in the mirror and the feed. */

const BURST = 20;
/** Google limits quick edits of one calendar. */
const AT_ONCE = 4;

/** Plays all steps. @throws what the first step that fails throws */
export async function playEdits(trial: Trial, step: PlayStep): Promise<void> {
  const editor = createEditor(trial);
  const event = await playEvent(trial, editor, step);
  const series = await playSeries(trial, editor, step);
  await playDeletion(trial, editor, step, event);
  await playBurst(trial, editor, step);
  await playRule(trial, step);
  await playInvalidToken(trial, editor, step);
  await probeLists(trial);
  await probeChannels(trial);
  await step('delete the recurring event', async () => {
    const [, second = series.master, third = series.master] = series.occurrences;
    const exceptions = [second.id, third.id];
    // A list of its own, so that all of its items are at hand.
    await trial.lists.events.changes();
    const { hops } = await trial.witness.edit(
      () => trial.api.remove(editor.pathOf(series.master.id)),
      () => gone(trial.events, series.master.id, ...exceptions),
    );
    const listed = await trial.lists.events.changes();
    const isListed = listed.some(
      ({ id, ...item }) => id === series.master.id && item['status'] === 'cancelled',
    );
    const found = listed.filter(({ id }) => exceptions.includes(id)).length;
    trial.evidence.see(
      'G16',
      isListed,
      `${isListed ? '' : 'not '}listed, with ${String(found)} of 2 exceptions`,
    );
    return { hops };
  });
}

/** Returns how many of `etag` and `updated` an edit has changed. */
const changedTags = (before: Item, after: Item): number =>
  ['etag', 'updated'].filter((name) => before[name] !== after[name]).length;

const hasReminder = (item: Data | undefined): boolean =>
  JSON.stringify(item?.['reminders'] ?? null).includes('"minutes":5');

const isCancelled = (item: Data | undefined): boolean => item?.['status'] === 'cancelled';

/** Inserts an event and edits it. Returns its id. */
async function playEvent({ evidence }: Trial, editor: Editor, step: PlayStep): Promise<string> {
  let event: Item = { id: '' };
  await step('insert an event', async () => {
    const { result, hops } = await editor.insert({ summary: 'Trial', ...between('02-03', 9, 10) });
    event = result;
    return { hops };
  });
  await step('edit it', async () => {
    const body = { summary: 'Trial, edited', location: 'Room 4' };
    const { result, hops } = await editor.patch(event.id, body, (edited) => {
      const changed = changedTags(event, edited);
      evidence.see('G19', changed === 2, `${String(changed)} of 2 changed`);
    });
    event = result;
    return { hops };
  });
  await step('edit its reminders', async () => {
    const reminders = { useDefault: false, overrides: [{ method: 'popup', minutes: 5 }] };
    const look = (edited: Item, listed: Data | undefined): void => {
      const changed = changedTags(event, edited);
      const found = hasReminder(listed);
      evidence.see(
        'G20',
        changed === 0 && found,
        `${String(changed)} of 2 changed, ${found ? '' : 'not '}listed`,
      );
    };
    const { result, hops } = await editor.patch(event.id, { reminders }, look, hasReminder);
    event = result;
    return { hops };
  });
  await step('move it to another time', async () => {
    const { hops } = await editor.patch(event.id, between('02-03', 14, 15));
    return { hops };
  });
  return event.id;
}

interface Series {
  readonly master: Item;
  readonly occurrences: readonly Item[];
}

/** Inserts a recurring event, moves one occurrence and cancels another. */
async function playSeries(trial: Trial, editor: Editor, step: PlayStep): Promise<Series> {
  const { api, evidence, events } = trial;
  let master: Item = { id: '' };
  await step('insert a recurring event', async () => {
    // Summer time begins before the third occurrence.
    const weekly = { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4'], ...between('03-16', 9, 10) };
    const { result, hops } = await editor.insert({ summary: 'Trial, every week', ...weekly });
    master = result;
    return { hops };
  });
  const occurrences = await api.list(`${editor.pathOf(master.id)}/instances`);
  const named = occurrences.filter(
    ({ id, originalStartTime }) => id === `${master.id}_${utc(momentOf(originalStartTime))}`,
  );
  evidence.see('G21', named.length === 4, `${String(named.length)} of ${String(occurrences.length)} ids`);
  const [, second = master, third = master] = occurrences;
  await step('move one occurrence', async () => {
    const { hops } = await editor.patch(second.id, between('03-24', 16, 17), (_, listed) => {
      const isOwn =
        listed?.['recurringEventId'] === master.id &&
        momentOf(listed['originalStartTime']) === momentOf(second['start']);
      evidence.see('G22', isOwn, isOwn ? 'with both' : 'without one of them');
    });
    return { hops };
  });
  await step('cancel one occurrence', async () => {
    const expected = { watch: events, itemId: third.id, reached: isCancelled };
    const { hops } = await editor.remove(third.id, [expected]);
    return { hops };
  });
  await probeOccurrences(trial);
  return { master, occurrences };
}

/** Returns a time as it stands in the ids of occurrences. */
const utc = (at: number): string =>
  Number.isNaN(at) ? '' : new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');

const statusOf = (body: unknown): string =>
  z.object({ status: z.string() }).safeParse(body).data?.status ?? '';

async function playDeletion(trial: Trial, editor: Editor, step: PlayStep, id: string): Promise<void> {
  const { api, evidence, events } = trial;
  await step('delete an event', async () => {
    const { hops } = await editor.remove(id, gone(events, id), async (_, listed) => {
      const holds = isCancelled(listed);
      const fields = String(Object.keys(listed ?? {}).length);
      evidence.see('G11', holds, holds ? `cancelled, ${fields} fields` : 'not listed as cancelled');
      const read = await api.call('GET', editor.pathOf(id));
      const again = await api.call('DELETE', editor.pathOf(id));
      const [status, reason] = [statusOf(read.body), reasonOf(again.body)];
      evidence.see(
        'G12',
        read.status === 200 && status === 'cancelled' && again.status === 410 && reason === 'deleted',
        `${String(read.status)} ${status}, then ${String(again.status)} ${reason}`,
      );
    });
    return { hops };
  });
}

const eventAt = (hour: number) => ({ summary: 'Trial, one of many', ...between('05-07', hour, hour + 1) });

async function playBurst({ api, events, witness }: Trial, editor: Editor, step: PlayStep): Promise<void> {
  await step('twenty edits at once', async () => {
    const limit = pLimit(AT_ONCE);
    const before = witness.pushes.length;
    const { hops } = await witness.edit(
      () =>
        Promise.all(
          Array.from({ length: BURST }, (_, index) =>
            limit(() => api.insert(editor.pathOf(), eventAt(index))),
          ),
        ),
      (made) => made.map((event) => version(events, event)),
    );
    return { hops, says: `${String(witness.pushes.length - before)} notifications` };
  });
}

async function playRule(
  { api, acl, calendarId, witness, evidence, lists, signal }: Trial,
  step: PlayStep,
): Promise<void> {
  // For no one in particular: everyone may see when the made-up events take place.
  const rule = { role: 'freeBusyReader', scope: { type: 'default' } };
  const rules = calendarPath(calendarId, '/acl');
  let id = '';
  await step('add an ACL rule', async () => {
    const { result, hops } = await witness.edit(
      () => api.insert(rules, rule),
      (made) => [{ watch: acl, itemId: made.id, reached: (item) => item?.['role'] === rule.role }],
      (made) => awaitChange(lists.acl, made.id, signal),
    );
    id = result.id;
    return { hops };
  });
  await step('remove the ACL rule', async () => {
    const { hops } = await witness.edit(
      () => api.remove(`${rules}/${encodeURIComponent(id)}`),
      () => gone(acl, id),
      async () => {
        const role = (await awaitChange(lists.acl, id, signal)).item?.['role'];
        evidence.see('G13', role === 'none', typeof role === 'string' ? `role: ${role}` : 'not listed');
      },
    );
    return { hops };
  });
}

/** Gives the watch of the events an invalid sync token, which sync answers with a full sync. */
async function playInvalidToken(trial: Trial, editor: Editor, step: PlayStep): Promise<void> {
  const { session, events, timeoutMs, signal } = trial;
  await step('an invalid sync token', async () => {
    const fullSyncAt = async (): Promise<number> =>
      (await mustFind(session, events.id)).watch.sync.fullStartedAt ?? 0;
    const before = await fullSyncAt();
    // Its own watch, and no field but this one: sync commits nothing that it has read before.
    await session.firestore.doc(`watches/${events.id}`).update({ 'status.sync.token': EXPIRED_TOKEN });
    const { hops } = await editor.insert({ summary: 'Trial, after the token', ...between('06-09', 9, 10) });
    const what = 'the calendar is listed in full';
    await until(async () => (await fullSyncAt()) > before, { what, withinMs: timeoutMs, signal });
    return { hops, says: 'answered by a full sync' };
  });
}
