import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import { deadLetterCommand, type DeadLetterBody, type DeadLetterView } from '../../../model/dead-letter.ts';
import { has } from '../parts/api.ts';
import { Copyable } from '../parts/copyable.tsx';
import { DetailsPane } from '../parts/details-pane.tsx';
import { useLoaded } from '../parts/loaded.ts';
import { Masked } from '../parts/masked.tsx';
import { useNow } from '../parts/now.ts';
import { ageOf, momentOf } from '../parts/times.ts';
import { linkTo } from '../state/place.ts';
import { watches } from '../state/stream.ts';
import { Buttons } from './buttons.tsx';

interface Props {
  readonly letter: DeadLetterView;
  readonly onClose: () => void;
  readonly onDone: () => Promise<void>;
}

/** A dead letter in full. */
export function Letter({ letter, onClose, onDone }: Props) {
  const { id, deadSince, watch, watchIsGone, notification, reason, problem } = letter;
  const now = useNow();
  const [isBodyShown, setBodyShown] = useState(false);
  return (
    <DetailsPane label="Dead letter" title={reason} onClose={onClose}>
      <dl class="facts">
        <dt>Message</dt>
        <dd class="mono">{id}</dd>
        <dt>Dead since</dt>
        <dd>
          {ageOf(deadSince, now)}, {momentOf(deadSince, now)}
        </dd>
        <dt>Notification</dt>
        <dd>{notification ?? 'does not say why it was sent'}</dd>
        <dt>Watch</dt>
        <dd class="mono">
          <Watch id={watch} isGone={watchIsGone} />
        </dd>
      </dl>
      {problem !== null && <p>Cannot be replayed: {problem}.</p>}
      <Buttons ids={[id]} count={1} canReplay={problem === null} onDone={onDone} />
      <Copyable text={deadLetterCommand(problem === null ? 'replay' : 'purge', [id])} />
      <button
        type="button"
        class="small"
        aria-expanded={isBodyShown}
        onClick={() => setBodyShown(!isBodyShown)}
      >
        {isBodyShown ? 'Hide the body' : 'Show the body'}
      </button>
      {isBodyShown && <Body id={id} />}
    </DetailsPane>
  );
}

function Watch({ id, isGone }: { readonly id: string | null; readonly isGone: boolean }) {
  if (id === null) return <>names none</>;
  if (isGone || !watches.value.has(id)) {
    return (
      <>
        <Masked text={id} />
        {isGone && ' no longer exists'}
      </>
    );
  }
  return (
    <a {...linkTo({ view: 'watches', query: { watch: id } })}>
      <Masked text={id} />
    </a>
  );
}

/** The notification as it was published. */
function Body({ id }: { readonly id: string }) {
  const path = `/api/dead-letters/${encodeURIComponent(id)}`;
  const { value, problem } = useLoaded(path, has<DeadLetterBody>('attributes'));
  if (problem !== undefined) return <p class="error">{problem}</p>;
  if (value === undefined) return <p class="muted">Loading …</p>;
  return (
    <>
      <h3>Attributes</h3>
      <dl class="facts">
        {Object.entries(value.attributes).map(([name, text]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd class="mono">
              <Masked text={text} />
            </dd>
          </Fragment>
        ))}
      </dl>
      <h3>Data</h3>
      <pre class="mono spec" tabIndex={0}>
        <Masked text={formatted(value.text)} />
      </pre>
    </>
  );
}

/** Returns JSON with indentation, and other text as it is. */
function formatted(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
