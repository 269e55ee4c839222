import { KeyHelp, type Keys } from './key-help.tsx';

const KEYS: readonly (readonly [string, Keys])[] = [
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
export const Help = () => <KeyHelp title="Keyboard" groups={KEYS} />;
