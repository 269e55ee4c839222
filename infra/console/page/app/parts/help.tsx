import { KeyHelp, type Keys } from '../../../../emulator/page/app/parts/key-help.tsx';

const KEYS: Keys = [
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
export const Help = () => <KeyHelp title="Keys" groups={[['', KEYS]]} />;
