import { signal } from '@preact/signals';
import { messageOf } from '../../../protocol/message.ts';

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly failed: boolean;
}

const SHOWN_MS = 6_000;
const toasts = signal<readonly Toast[]>([]);
let made = 0;

function add(text: string, failed: boolean): void {
  const id = (made += 1);
  toasts.value = [...toasts.value.slice(-3), { id, text, failed }];
  // An error stays until it is dismissed: it may take longer to read.
  if (!failed) setTimeout(() => dismiss(id), SHOWN_MS);
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** Runs an action, and says what was done, if there is something to say, or what failed. Resolves to whether it succeeded. */
export async function attempt<T>(
  action: () => Promise<T>,
  done?: string | ((result: T) => string),
): Promise<boolean> {
  try {
    const result = await action();
    if (done !== undefined) add(typeof done === 'string' ? done : done(result), false);
    return true;
  } catch (error) {
    add(messageOf(error), true);
    return false;
  }
}

/** Shows what was done and what failed; screen readers read it out. */
export function Toasts() {
  return (
    <div class="toasts">
      <div role="status">
        <ToastList failed={false} />
      </div>
      <div role="alert">
        <ToastList failed />
      </div>
    </div>
  );
}

function ToastList({ failed }: { readonly failed: boolean }) {
  return toasts.value
    .filter((toast) => toast.failed === failed)
    .map(({ id, text }) => (
      <div key={id} class={failed ? 'toast failed' : 'toast'}>
        <p dir="auto">{text}</p>
        <button type="button" class="plain" aria-label="Dismiss" onClick={() => dismiss(id)}>
          ✕
        </button>
      </div>
    ));
}
