import { signal } from '@preact/signals';
import { Dialog } from './dialog.tsx';

export const helpShown = signal(false);

const KEYS: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'Everywhere',
    [
      ['1 – 5', 'Calendar, channels, journal, faults, clock'],
      ['?', 'This help'],
      ['Esc', 'Close a dialog, or give up dragging'],
    ],
  ],
  [
    'In the week',
    [
      ['← ↑ ↓ →', 'Move to another time'],
      ['Home, End', 'First, last day'],
      ['Page Up, Page Down', 'Earlier, later days'],
      ['T', 'Today'],
      ['N, P', 'Next, previous event'],
      ['Enter', 'New event, or open the event'],
    ],
  ],
  [
    'On an event',
    [
      ['Alt + arrows', 'Move by a day, or by 15 minutes'],
      ['Alt + Shift + ↑ ↓', 'Shorter, longer'],
      ['Delete', 'Cancel it'],
    ],
  ],
];

/** What the keys do. */
export function Help() {
  if (!helpShown.value) return null;
  return (
    <Dialog
      title="Keyboard"
      onClose={() => {
        helpShown.value = false;
      }}
    >
      {KEYS.map(([place, keys]) => (
        <section key={place}>
          <h3>{place}</h3>
          <dl class="keys">
            {keys.map(([key, meaning]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
