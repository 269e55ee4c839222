import { attempt } from '../../../../emulator/page/app/parts/toasts.tsx';
import { has, read } from '../parts/api.ts';
import { isHidden } from '../parts/masked.tsx';
import { filter, shown, stretch } from '../state/timeline.ts';

const isTest = has<{ readonly test: string; readonly count: number }>('test', 'count');

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
    const { test, count } = await read(`/api/export?${query}`, isTest);
    await navigator.clipboard.writeText(test);
    return `Copied a test of ${count} changes`;
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
