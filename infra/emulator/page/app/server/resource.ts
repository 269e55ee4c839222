import { signal } from '@preact/signals';
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
    do {
      again = false;
      try {
        const loaded = await load();
        data.value = loaded;
        error.value = undefined;
      } catch (cause) {
        error.value = cause instanceof Error ? cause.message : String(cause);
      }
    } while (again);
  }

  return {
    data,
    error,
    reload() {
      again = true;
      running ??= run().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}
