/** What the play view knows of the emulator, and what has been done to it, each with the command that does the same. */
import { computed, signal } from '@preact/signals';
import { createResource } from '../../../../emulator/page/app/server/resource.ts';
import { attempt } from '../../../../emulator/page/app/parts/toasts.tsx';
import type { Played, PlayStatus } from '../../../model/play.ts';
import { call, has, read } from '../parts/api.ts';
import { place } from '../state/place.ts';
import { reloadWeek, watch } from '../week/data.ts';

/** Actions that are kept, the latest first. */
const KEPT = 20;

export interface Done extends Played {
  readonly id: number;
  /** What follows from it. */
  readonly hint: string;
}

const isPlayed = has<Played>('did', 'command');

const resource = createResource(() => read('/api/play', has<PlayStatus>('users', 'channels')));
export const status = resource.data;
export const reloadStatus = (): Promise<void> => resource.reload();

/** The account that acts: that of the address, or the user of the watch. */
export const actor = computed(() => place.value.query['as'] ?? watch.value?.user ?? '');

export const log = signal<readonly Done[]>([]);

/** Does something to the emulator, and remembers it. @throws Error with what is wrong */
export async function play(route: string, body: unknown, hint: string, did?: string): Promise<unknown> {
  const played = await call('POST', `/api/play/${route}`, body);
  if (!isPlayed(played)) throw new Error('the console does not say what was done');
  const id = (log.value[0]?.id ?? 0) + 1;
  log.value = [{ ...played, did: did ?? played.did, id, hint }, ...log.value].slice(0, KEPT);
  return played.value;
}

/** Does it at a click, says how it went, and shows what became of it. */
export async function press(route: string, body: unknown, hint: string): Promise<void> {
  await attempt(
    () => play(route, body, hint),
    () => log.value[0]?.did ?? 'Done',
  );
  await Promise.all([reloadStatus(), reloadWeek()]);
}
