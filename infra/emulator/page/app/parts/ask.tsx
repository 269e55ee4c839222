import { signal } from '@preact/signals';
import { Dialog } from './dialog.tsx';

interface Choice {
  readonly label: string;
  readonly value: string;
  readonly tone?: 'primary' | 'danger';
}

interface Question {
  readonly title: string;
  readonly text: string;
  readonly choices: readonly Choice[];
  readonly answer: (value: string | undefined) => void;
}

const open = signal<Question | undefined>(undefined);

/** Asks a question. Resolves to the choice, or to undefined if the dialog was closed. */
export function ask(title: string, text: string, choices: readonly Choice[]): Promise<string | undefined> {
  open.value?.answer(undefined);
  return new Promise((resolve) => {
    open.value = {
      title,
      text,
      choices,
      answer(value) {
        open.value = undefined;
        resolve(value);
      },
    };
  });
}

/** Asks whether a change is of one occurrence or of the whole series. */
export async function askScope(title: string): Promise<'this' | 'all' | undefined> {
  const chosen = await ask(title, 'The event belongs to a series.', [
    { label: 'This event', value: 'this', tone: 'primary' },
    { label: 'All events', value: 'all' },
  ]);
  return chosen === 'this' || chosen === 'all' ? chosen : undefined;
}

/** The dialog of a question that is open. */
export function Asked() {
  const question = open.value;
  if (!question) return null;
  return (
    <Dialog title={question.title} onClose={() => question.answer(undefined)}>
      <p>{question.text}</p>
      <div class="row end">
        <button type="button" class="plain" onClick={() => question.answer(undefined)}>
          Leave as it is
        </button>
        {question.choices.map(({ label, value, tone }) => (
          <button key={value} type="button" class={tone} onClick={() => question.answer(value)}>
            {label}
          </button>
        ))}
      </div>
    </Dialog>
  );
}
