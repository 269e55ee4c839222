import { useState } from 'preact/hooks';
import { attempt } from '../../../../emulator/page/app/parts/toasts.tsx';

/** A command with a button that copies it. */
export function Copyable({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    if (await attempt(() => navigator.clipboard.writeText(text))) setCopied(true);
  };
  return (
    <span class="copyable">
      <code class="mono">{text}</code>
      <button type="button" class="small" onClick={() => void copy()}>
        {copied ? 'Copied' : 'Copy'}
      </button>
    </span>
  );
}
