import { attempt } from '../../../../emulator/page/app/parts/toasts.tsx';
import { call } from '../parts/api.ts';
import { isHidden } from '../parts/masked.tsx';
import { filter, shown, stretch } from '../state/timeline.ts';

const isTest = (value: unknown): value is { readonly test: string; readonly count: number } =>
  typeof value === 'object' && value !== null && 'test' in value && 'count' in value;

/** Copies the changes that are selected, or else all that are shown, as a test. What is hidden is replaced in it. */
export function CopyTest() {
  const selected = stretch.value;
  const list = selected ?? shown.value;
  const copy = async (): Promise<string> => {
    const [newest, oldest] = [list[0], list.at(-1)];
    const query = new URLSearchParams({
      ...filter.value,
      from: oldest?.id ?? '',
      to: newest?.id ?? '',
      replaced: isHidden() ? '1' : '0',
    });
    const answer = await call('GET', `/api/export?${query}`);
    if (!isTest(answer)) throw new Error('the console answered something else');
    await navigator.clipboard.writeText(answer.test);
    return `Copied a test of ${answer.count} changes`;
  };
  return (
    <button
      type="button"
      disabled={list.length === 0}
      title="A vitest file that makes these changes against the Calendar emulator. Shift-click selects a stretch."
      onClick={() => void attempt(copy, (done) => done)}
    >
      Copy as test{selected ? ` (${selected.length})` : ''}
    </button>
  );
}
