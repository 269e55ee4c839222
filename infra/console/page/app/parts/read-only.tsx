import { about } from '../state/stream.ts';

/** Whether actions are allowed. */
export const isWritable = (): boolean => about.value?.writable === true;

/** Says how to allow actions, where they are not. */
export const ReadOnlyNote = () =>
  isWritable() ? null : <span class="muted">Read-only: start the console with --allow-writes.</span>;
