import { control } from '../server/api.ts';
import { onChange } from '../server/live.ts';
import { createResource } from '../server/resource.ts';
import type { Channel } from '../state/channel.ts';

export const channels = createResource(() => control<readonly Channel[]>('GET', 'channels'));

/** Loads the channels, and again after each change. */
export function startChannels(): void {
  onChange('channels', () => void channels.reload());
  void channels.reload();
}
