import { effect, signal } from '@preact/signals';
import { ahead, now } from './live.ts';

/** The emulator's time, in milliseconds; it changes once a second. */
export const tick = signal(now());

const advance = (): void => {
  tick.value = now();
};

/** Starts the clock of the page. */
export function startClock(): void {
  setInterval(advance, 1_000);
  effect(() => {
    if (ahead.value !== undefined) advance();
  });
}
