import { signal } from '@preact/signals';
import { messageOf } from '../../../protocol/message.ts';
import type { ReadonlySignal } from '@preact/signals';

/** Data of the server, as it was when it was last loaded. */
export interface Resource<T> {
  readonly data: ReadonlySignal<T | undefined>;
  readonly error: ReadonlySignal<string | undefined>;
  /** Loads it again. Calls while it is loading are answered by one more load, so that the last state is always shown. */
  readonly reload: () => Promise<void>;
}

/** Returns a resource that is not loaded yet. */
export function createResource<T>(load: () => Promise<T>): Resource<T> {
  const data = signal<T | undefined>(undefined);
  const error = signal<string | undefined>(undefined);
  let running: Promise<void> | undefined;
  let again = false;

  async function run(): Promise<void> {
    while (again) {
      again = false;
      try {
        data.value = await load();
        error.value = undefined;
      } catch (cause) {
        error.value = messageOf(cause);
      }
    }
    // In the same step as the last look at `again`: a call between the two would wait for a load that is over.
    running = undefined;
  }

  return {
    data,
    error,
    reload() {
      again = true;
      running ??= run();
      return running;
    },
  };
}
