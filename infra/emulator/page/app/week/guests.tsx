import { Badge } from '../parts/badge.tsx';
import type { Attendee, Response } from '../state/event.ts';
import type { Tone } from '../state/tone.ts';
import type { EventActions, Shown } from './board.ts';

const ANSWERS: readonly (readonly [Response, string])[] = [
  ['accepted', 'Accept'],
  ['tentative', 'Maybe'],
  ['declined', 'Decline'],
];
const WORDS: Readonly<Record<Response, readonly [string, Tone]>> = {
  needsAction: ['no answer', 'calm'],
  accepted: ['accepted', 'good'],
  tentative: ['maybe', 'warn'],
  declined: ['declined', 'bad'],
};

interface Props {
  readonly item: Shown;
  readonly respond: EventActions['respond'];
  readonly onDone: () => void;
}

/** The guests of an event, with buttons that answer as each of them. */
export function Guests({ item, respond, onDone }: Props) {
  const { attendees = [] } = item.event;
  if (attendees.length === 0) return null;
  return (
    <fieldset>
      <legend>Answers</legend>
      <ul class="list guests">
        {attendees.map((guest) => (
          <Guest key={guest.email} guest={guest} item={item} respond={respond} onDone={onDone} />
        ))}
      </ul>
    </fieldset>
  );
}

function Guest({ guest, item, respond, onDone }: Props & { readonly guest: Attendee }) {
  const [word, tone] = WORDS[guest.responseStatus ?? 'needsAction'];
  const answer = async (response: Response): Promise<void> => {
    if (await respond(item, guest.email, response)) onDone();
  };
  return (
    <li>
      <span class="who" dir="auto">
        {guest.email}
      </span>
      <Badge tone={tone}>{word}</Badge>
      <span class="row">
        {ANSWERS.map(([response, label]) => (
          <button
            key={response}
            type="button"
            class="small"
            aria-label={`${label} as ${guest.email}`}
            aria-pressed={guest.responseStatus === response}
            onClick={() => void answer(response)}
          >
            {label}
          </button>
        ))}
      </span>
    </li>
  );
}
