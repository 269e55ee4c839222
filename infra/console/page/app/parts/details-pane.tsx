import type { ComponentChildren } from 'preact';

interface Props {
  /** What it shows, such as `Change`. */
  readonly label: string;
  readonly title: ComponentChildren;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** What was chosen in a list or a week, in full. */
export const DetailsPane = ({ label, title, onClose, children }: Props) => (
  <aside id="details" class="details" aria-label={label}>
    <header class="row">
      <h2 dir="auto">{title}</h2>
      <button type="button" class="plain" aria-label="Close" onClick={onClose}>
        ✕
      </button>
    </header>
    {children}
  </aside>
);
