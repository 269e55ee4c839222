import { signal } from '@preact/signals';
import { about } from '../state/stream.ts';

/** Whether titles and addresses are shown although the console began with them hidden. */
const revealed = signal(false);

/** Whether titles and addresses are hidden now. */
export const isHidden = (): boolean => about.value?.masked === true && !revealed.value;

interface Props {
  /** A title, an address, or other personal data. */
  readonly text: string;
  readonly class?: string;
}

/** Text from a calendar: as it is, in its own direction, or hidden until a click. */
export function Masked({ text, class: name = '' }: Props) {
  if (!isHidden()) {
    return (
      <bdi class={name} dir="auto">
        {text}
      </bdi>
    );
  }
  return (
    <span
      class={`masked ${name}`}
      role="img"
      aria-label="hidden"
      title="Hidden: show with the button at the top"
    />
  );
}

/** The button that shows what is hidden. */
export function RevealButton() {
  if (about.value?.masked !== true) return null;
  return (
    <button
      type="button"
      class="plain"
      aria-pressed={revealed.value}
      onClick={() => {
        revealed.value = !revealed.value;
      }}
    >
      {revealed.value ? 'Hide titles' : 'Show titles'}
    </button>
  );
}
