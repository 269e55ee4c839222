import type { WatchView } from '../../../model/watch-view.ts';
import { ask } from '../../../../emulator/page/app/parts/ask.tsx';
import { attempt } from '../../../../emulator/page/app/parts/toasts.tsx';
import { call } from '../parts/api.ts';
import { isWritable, ReadOnlyNote } from '../parts/read-only.tsx';
import { ReplayButton } from '../replay/replay.tsx';

/** What can be done with a watch; disabled where the console may only read. */
export function Actions({ view }: { readonly view: WatchView }) {
  const writable = isWritable();
  const post = (action: string, body: object, done: string) =>
    attempt(() => call('POST', `/api/watches/${encodeURIComponent(view.id)}/${action}`, body), done);
  const unwatch = async (): Promise<void> => {
    const items = await ask(
      'Stop this watch?',
      'Its channel is stopped and it is no longer synced. Its document stays, with its last sequence.',
      [
        { label: 'Stop, keep the items', value: 'keep', tone: 'danger' },
        { label: 'Stop, delete the items', value: 'purge', tone: 'danger' },
      ],
    );
    if (items !== undefined)
      await post('unwatch', { items }, `Requested: calendar-mirror unwatch ${view.id} --${items}`);
  };
  return (
    <div class="row" role="group" aria-label="Actions">
      <button
        type="button"
        disabled={!writable}
        onClick={() => void post('sync', { full: false }, `Requested: calendar-mirror sync ${view.id}`)}
      >
        Sync now
      </button>
      <button
        type="button"
        disabled={!writable}
        onClick={() => void post('sync', { full: true }, `Requested: calendar-mirror sync ${view.id} --full`)}
      >
        Sync in full
      </button>
      <button
        type="button"
        disabled={!writable}
        onClick={() => void post('renew', {}, `Requested: calendar-mirror renew ${view.id}`)}
      >
        Renew now
      </button>
      <ReplayButton watch={view.id} />
      <button type="button" class="danger" disabled={!writable} onClick={() => void unwatch()}>
        Unwatch
      </button>
      <ReadOnlyNote />
    </div>
  );
}
