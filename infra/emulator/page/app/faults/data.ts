import { control } from '../server/api.ts';
import { onChange } from '../server/live.ts';
import { createResource } from '../server/resource.ts';
import type { ActiveFault } from '../../../faults/faults.ts';

export const faults = createResource(() => control<readonly ActiveFault[]>('GET', 'faults'));

/** Loads the rules, and again after each change: their counts change with requests. */
export function startFaults(): void {
  onChange('faults', () => void faults.reload());
  void faults.reload();
}
