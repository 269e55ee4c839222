import * as z from 'zod';

import { cut, printable } from '../../terminal/output.ts';

/** Descriptions of events: titles and attendees. Pure. */

type Fields = Readonly<Record<string, unknown>>;

const LONGEST = 60;

/** Formats a value as part of a line. */
export function formatValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return cut(printable(text), LONGEST);
}

/** Returns an event's title in quotes, or its id if it has none. */
export function eventName({ summary }: Fields, itemId: string): string {
  const isNamed = typeof summary === 'string' && summary !== '';
  return isNamed ? `“${formatValue(summary)}”` : `(untitled ${printable(itemId)})`;
}

const attendees = z.array(
  z.object({ email: z.string().optional(), responseStatus: z.string().optional() }).catch({}),
);

/** Returns the responses of attendees by email address, of the first 100. */
function responsesOf(value: unknown): ReadonlyMap<string, string> {
  const parsed = attendees.safeParse(value);
  const known = new Map<string, string>();
  for (const { email, responseStatus = '' } of (parsed.data ?? []).slice(0, 100)) {
    if (email !== undefined) known.set(printable(email), responseStatus);
  }
  return known;
}

const RESPONSES: Readonly<Record<string, string>> = {
  accepted: 'accepted',
  declined: 'declined',
  tentative: 'tentatively accepted',
  needsAction: 'withdrew the response',
};

const MOST = 3;

const some = (names: readonly string[], did: string): readonly string[] => {
  const more = names.length - MOST;
  const listed = names.slice(0, MOST).join(' and ');
  return names.length === 0 ? [] : [`${listed}${more > 0 ? ` and ${String(more)} more` : ''} ${did}`];
};

/** Describes who was invited or uninvited, and who responded. */
export function formatAttendees(before: unknown, after: unknown): readonly string[] {
  const [was, is] = [responsesOf(before), responsesOf(after)];
  const answered = Object.entries(RESPONSES).flatMap(([status, did]) =>
    some(
      [...is].flatMap(([email, now]) =>
        now === status && was.has(email) && was.get(email) !== now ? [email] : [],
      ),
      did,
    ),
  );
  return [
    ...some(
      [...is.keys()].filter((email) => !was.has(email)),
      'invited',
    ),
    ...some(
      [...was.keys()].filter((email) => !is.has(email)),
      'no longer invited',
    ),
    ...answered,
  ];
}
