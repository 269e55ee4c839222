import type { ComponentChildren } from 'preact';
import type { Tone } from '../state/tone.ts';

/** A short word in the colour of how well it went. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}
