import { signal } from '@preact/signals';
import { Dialog } from '../../../../emulator/page/app/parts/dialog.tsx';

export const helpShown = signal(false);

const KEYS: readonly (readonly [string, string])[] = [
  ['1, 2, …', 'Go to a view'],
  ['/', 'Filter'],
  ['j, k', 'Next, previous change'],
  ['J, K', 'Select more, fewer changes'],
  ['p', 'Pause, resume'],
  ['Esc', 'Close the details'],
  ['← ↑ ↓ →', 'In a week: another time'],
  ['N, P', 'In a week: next, previous event'],
  ['Enter', 'In a week: new event, or open the event'],
  ['Alt + arrows', 'Play Google: move the event; with Shift resize it'],
  ['Delete', 'Play Google: cancel the event'],
  ['?', 'This help'],
];

/** What the keys do. */
export function Help() {
  if (!helpShown.value) return null;
  return (
    <Dialog
      title="Keys"
      onClose={() => {
        helpShown.value = false;
      }}
    >
      <dl class="keys">
        {KEYS.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
