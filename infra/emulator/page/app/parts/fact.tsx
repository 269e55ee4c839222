import type { ComponentChildren } from 'preact';

interface Props {
  readonly name: string;
  /** Whether the value is an id, an address or the like. */
  readonly mono?: boolean;
  readonly children: ComponentChildren;
}

/** A name with its value, in a list of facts. */
export const Fact = ({ name, mono = false, children }: Props) => (
  <div>
    <dt>{name}</dt>
    <dd class={mono ? 'mono' : undefined}>{children}</dd>
  </div>
);
