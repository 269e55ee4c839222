import { useState } from 'preact/hooks';
import { attempt } from '../../../../emulator/page/app/parts/toasts.tsx';
import { isHidden } from './masked.tsx';

interface Props {
  readonly text: string;
  /** A part of the text that says something about a person: not shown while that is hidden, but copied. */
  readonly personal?: string;
}

/** A command with a button that copies it. */
export function Copyable({ text, personal }: Props) {
  // The text itself: another one is not copied yet.
  const [copied, setCopied] = useState<string>();
  const copy = async (): Promise<void> => {
    if (await attempt(() => navigator.clipboard.writeText(text))) setCopied(text);
  };
  return (
    <span class="copyable">
      <code class="mono">{personal !== undefined && isHidden() ? text.replaceAll(personal, '…') : text}</code>
      <button type="button" class="small" onClick={() => void copy()}>
        {copied === text ? 'Copied' : 'Copy'}
      </button>
    </span>
  );
}
