import { signal } from '@preact/signals';
import { Dialog } from './dialog.tsx';

/** Keys, each with what it does. */
export type Keys = readonly (readonly [key: string, meaning: string])[];

const shown = signal(false);

/** Opens the dialog of the page's keys. */
export function showKeyHelp(): void {
  shown.value = true;
}

const hide = (): void => {
  shown.value = false;
};

interface HelpProps {
  readonly title: string;
  /** Groups of keys, each with its heading; an empty one for none. */
  readonly groups: readonly (readonly [heading: string, keys: Keys])[];
}

/** The dialog that says what the keys do. */
export function KeyHelp({ title, groups }: HelpProps) {
  if (!shown.value) return null;
  return (
    <Dialog title={title} onClose={hide}>
      {groups.map(([heading, keys]) => (
        <section key={heading}>
          {heading !== '' && <h3>{heading}</h3>}
          <dl class="keys">
            {keys.map(([key, meaning]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}

/** The button that opens the dialog. */
export const KeyHelpButton = ({ label }: { readonly label: string }) => (
  <button type="button" class="plain" aria-label={label} onClick={showKeyHelp}>
    ?
  </button>
);
