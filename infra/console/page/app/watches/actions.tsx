import { replayCommand } from '../../../model/replay.ts';
import { watchCommand, type WatchAction } from '../../../model/watch-action.ts';
import type { WatchView } from '../../../model/watch-view.ts';
import { ask } from '../../../../emulator/page/app/parts/ask.tsx';
import { attempt } from '../../../../emulator/page/app/parts/toasts.tsx';
import { call } from '../parts/api.ts';
import { Copyable } from '../parts/copyable.tsx';
import { isHidden } from '../parts/masked.tsx';
import { isWritable, ReadOnlyNote } from '../parts/read-only.tsx';
import { ReplayButton } from '../replay/replay.tsx';

/** Each with its route, and the body that it takes. */
const ROUTES: Readonly<Record<WatchAction, readonly [route: string, body: object]>> = {
  sync: ['sync', { full: false }],
  syncFull: ['sync', { full: true }],
  renew: ['renew', {}],
  unwatchKeep: ['unwatch', { items: 'keep' }],
  unwatchPurge: ['unwatch', { items: 'purge' }],
};
const BUTTONS = [
  ['sync', 'Sync now'],
  ['syncFull', 'Sync in full'],
  ['renew', 'Renew now'],
] as const;

/** What can be done with a watch; disabled where the console may only read. Each has a command, which a person can run instead. */
export function Actions({ view: { id } }: { readonly view: WatchView }) {
  const writable = isWritable();
  const titleOf = (action: WatchAction): string | undefined =>
    isHidden() ? undefined : watchCommand(action, id);
  const post = async (action: WatchAction): Promise<void> => {
    const [route, body] = ROUTES[action];
    const path = `/api/watches/${encodeURIComponent(id)}/${route}`;
    await attempt(() => call('POST', path, body), `Requested: ${watchCommand(action, id)}`);
  };
  const unwatch = async (): Promise<void> => {
    const action = await ask(
      'Stop this watch?',
      `Its channel is stopped and it is no longer synced. Its document stays, with its last sequence. The same as ${watchCommand('unwatchKeep', id)} (or --purge).`,
      [
        { label: 'Stop, keep the items', value: 'unwatchKeep', tone: 'danger' },
        { label: 'Stop, delete the items', value: 'unwatchPurge', tone: 'danger' },
      ],
    );
    if (action === 'unwatchKeep' || action === 'unwatchPurge') await post(action);
  };
  return (
    <>
      <div class="row" role="group" aria-label="Actions">
        {BUTTONS.map(([action, label]) => (
          <button
            key={action}
            type="button"
            disabled={!writable}
            title={titleOf(action)}
            onClick={() => void post(action)}
          >
            {label}
          </button>
        ))}
        <ReplayButton watch={id} />
        <button
          type="button"
          class="danger"
          disabled={!writable}
          title={titleOf('unwatchKeep')}
          onClick={() => void unwatch()}
        >
          Unwatch
        </button>
        <ReadOnlyNote />
      </div>
      <Commands id={id} />
    </>
  );
}

const Commands = ({ id }: { readonly id: string }) => (
  <details class="commands">
    <summary>The same by command</summary>
    <ul>
      {[
        ...BUTTONS.map(([action]) => watchCommand(action, id)),
        replayCommand({ watch: id, topic: '', force: false }),
        watchCommand('unwatchKeep', id),
        watchCommand('unwatchPurge', id),
      ].map((command) => (
        <li key={command}>
          <Copyable text={command} personal={id} />
        </li>
      ))}
    </ul>
  </details>
);
