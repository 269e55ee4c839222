import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import {
  partOf,
  progressText,
  replayCommand,
  type ReplayRequest,
  type ReplayStatus,
} from '../../../model/replay.ts';
import { Dialog } from '../../../../emulator/page/app/parts/dialog.tsx';
import { Field } from '../../../../emulator/page/app/parts/field.tsx';
import { attempt } from '../../../../emulator/page/app/parts/toasts.tsx';
import { call, has } from '../parts/api.ts';
import { Copyable } from '../parts/copyable.tsx';
import { useLoaded } from '../parts/loaded.ts';
import { isWritable } from '../parts/read-only.tsx';

/** The watch whose replay is asked for; null for all, undefined for none. */
const asked = signal<string | null | undefined>(undefined);

/** How often the progress is read, ms. */
const EVERY_MS = 400;

/** Opens the dialog; disabled where the console may only read. */
export function ReplayButton({ watch }: { readonly watch: string | null }) {
  return (
    <button
      type="button"
      disabled={!isWritable()}
      onClick={() => {
        asked.value = watch;
      }}
    >
      {watch === null ? 'Replay all to a topic …' : 'Replay to a topic …'}
    </button>
  );
}

/** The dialog of a replay: what it does, and how far it is. */
export function ReplayDialog() {
  if (asked.value === undefined) return null;
  return (
    <Dialog
      title="Replay to a topic"
      onClose={() => {
        asked.value = undefined;
      }}
    >
      <Replay watch={asked.value} />
    </Dialog>
  );
}

function Replay({ watch }: { readonly watch: string | null }) {
  const { value, loading, problem, reload } = useLoaded(
    '/api/replay',
    has<{ readonly replay: ReplayStatus | null }>('replay'),
  );
  const status = value?.replay ?? null;
  const isRunning = status?.state === 'running';
  useEffect(() => {
    if (!isRunning || loading) return undefined;
    const timer = setTimeout(() => void reload(), EVERY_MS);
    return () => clearTimeout(timer);
  }, [isRunning, loading]);
  return (
    <>
      <p>
        Publishes every mirrored item of {watch === null ? 'all watches' : 'this watch'} as a snapshot change,
        for a new consumer or one that lost messages. All subscriptions of the topic receive them.
      </p>
      {problem !== undefined && <p class="error">{problem}</p>}
      {status !== null && <Progress status={status} onChange={reload} />}
      {!isRunning && <Form watch={watch} onStart={reload} />}
    </>
  );
}

interface FormProps {
  readonly watch: string | null;
  readonly onStart: () => Promise<void>;
}

function Form({ watch, onStart }: FormProps) {
  const [topic, setTopic] = useState('');
  const [force, setForce] = useState(false);
  const request: ReplayRequest = { watch, topic: topic.trim(), force };
  const start = async (): Promise<void> => {
    await attempt(() => call('POST', '/api/replay', request), `Started: ${replayCommand(request)}`);
    await onStart();
  };
  return (
    <form
      class="replay"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <Field
        label="Topic of the consumer"
        required
        value={topic}
        placeholder="new-consumer"
        onInput={setTopic}
      />
      <label class="row">
        <input
          type="checkbox"
          checked={force}
          onChange={({ currentTarget }) => setForce(currentTarget.checked)}
        />
        Allow the topic of the live changes, which every consumer receives
      </label>
      <Copyable text={replayCommand(request)} {...(watch === null ? {} : { personal: watch })} />
      <button type="submit" class="primary" disabled={request.topic === ''}>
        Start the replay
      </button>
    </form>
  );
}

interface ProgressProps {
  readonly status: ReplayStatus;
  readonly onChange: () => Promise<void>;
}

function Progress({ status, onChange }: ProgressProps) {
  const cancel = async (): Promise<void> => {
    await attempt(() => call('POST', '/api/replay/cancel', {}), 'The replay is cancelled.');
    await onChange();
  };
  return (
    <div class="replay" role="group" aria-label="Progress">
      <progress value={partOf(status)} aria-label="Replay" />
      <p role="status">{progressText(status)}</p>
      {status.problems.map((problem) => (
        <p key={problem} class="error">
          {problem}
        </p>
      ))}
      {status.state === 'running' && (
        <button type="button" class="danger" onClick={() => void cancel()}>
          Cancel the replay
        </button>
      )}
    </div>
  );
}
