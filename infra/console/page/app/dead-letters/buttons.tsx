import { deadLetterCommand, type ReplayedLetters } from '../../../model/dead-letter.ts';
import { ask } from '../../../../emulator/page/app/parts/ask.tsx';
import { attempt } from '../../../../emulator/page/app/parts/toasts.tsx';
import { call, has } from '../parts/api.ts';
import { isWritable, ReadOnlyNote } from '../parts/read-only.tsx';

interface Props {
  /** The dead letters that the buttons are for; none for all. */
  readonly ids: readonly string[];
  /** How many those are. */
  readonly count: number;
  readonly canReplay?: boolean;
  readonly onDone: () => Promise<void>;
}

const isReplayed = has<ReplayedLetters>('replayed');

/** Returns what a replay did, from its answer. */
function replayedText(answer: unknown): string {
  if (!isReplayed(answer)) return 'Replayed';
  const { replayed, left, command } = answer;
  const stay = left.length === 0 ? '' : `, ${left.length} cannot be and stay`;
  return `${replayed.length} replayed${stay}: ${command}`;
}

/** Replays or purges dead letters; disabled where the console may only read. */
export function Buttons({ ids, count, canReplay = true, onDone }: Props) {
  const writable = isWritable();
  const isOff = !writable || count === 0;
  const all = ids.length === 0 ? ' all' : '';
  const post = async (action: 'replay' | 'purge', done: (answer: unknown) => string): Promise<void> => {
    await attempt(() => call('POST', `/api/dead-letters/${action}`, { ids }), done);
    await onDone();
  };
  const purge = async (): Promise<void> => {
    const command = deadLetterCommand('purge', ids);
    const title = ids.length === 0 ? 'Delete all dead letters?' : 'Delete this dead letter?';
    const text = `It cannot be undone. The same as ${command}.`;
    if ((await ask(title, text, [{ label: 'Delete', value: 'yes', tone: 'danger' }])) !== 'yes') return;
    await post('purge', () => `Deleted: ${command}`);
  };
  return (
    <span class="row" role="group" aria-label={ids.length === 0 ? 'All dead letters' : 'This dead letter'}>
      <button
        type="button"
        disabled={isOff || !canReplay}
        title={deadLetterCommand('replay', ids)}
        onClick={() => void post('replay', replayedText)}
      >
        Replay{all}
      </button>
      <button
        type="button"
        class="danger"
        disabled={isOff}
        title={deadLetterCommand('purge', ids)}
        onClick={() => void purge()}
      >
        Purge{all}
      </button>
      <ReadOnlyNote />
    </span>
  );
}
