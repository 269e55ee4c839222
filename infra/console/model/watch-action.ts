/** What a person can do with a watch, each with the command that does the same. Shared by the server and the page; pure. */
export type WatchAction = 'sync' | 'syncFull' | 'renew' | 'unwatchKeep' | 'unwatchPurge';

const WORDS: Readonly<Record<WatchAction, readonly [command: string, option: string]>> = {
  sync: ['sync', ''],
  syncFull: ['sync', ' --full'],
  renew: ['renew', ''],
  unwatchKeep: ['unwatch', ' --keep'],
  unwatchPurge: ['unwatch', ' --purge'],
};

/** Returns the command that does the same to the watch. */
export function watchCommand(action: WatchAction, id: string): string {
  const [command, option] = WORDS[action];
  return `calendar-mirror ${command} ${id}${option}`;
}
