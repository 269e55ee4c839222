/**
 * Playing Google: calls of the Calendar emulator, each of which is also a command. The call that is made and the command that is shown
 * come from the same value, so that they cannot differ. Shared by the server and the page; pure.
 */

/** A call of the emulator: of the Calendar API (with a user), or of a control route. */
export interface PlayCall {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  /** The account that acts: its address is the access token. */
  readonly user?: string;
  readonly etag?: string;
  readonly body?: unknown;
}

/** What an action answers. */
export interface Played {
  /** What was done, in words. */
  readonly did: string;
  /** The command that does the same. */
  readonly command: string;
  /** What the emulator answered. */
  readonly value?: unknown;
}

/** What the play view shows of the emulator. */
export interface PlayStatus {
  readonly users: readonly string[];
  /** Rules of faults that are active, such as that the next notification is dropped. */
  readonly faults: number;
  /** Channels by their state. */
  readonly channels: Readonly<Record<'live' | 'expired' | 'killed', number>>;
  /** How far its clock is ahead, in ms. */
  readonly ahead: number;
  /** Its own page, which has every other fault. */
  readonly page: string;
}

/** Quotes a word for a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Returns the headers of a call. */
export const headersOf = ({ user, etag, body }: PlayCall): Readonly<Record<string, string>> => ({
  ...(user === undefined ? {} : { Authorization: `Bearer ${user}` }),
  ...(etag === undefined ? {} : { 'If-Match': etag }),
  ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
});

/** Returns the command that makes a call. `root` is the emulator's address. */
export function curlOf(root: string, call: PlayCall): string {
  const headers = Object.entries(headersOf(call)).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  const body = call.body === undefined ? [] : [`-d ${quoted(JSON.stringify(call.body))}`];
  return ['curl', `-X ${call.method}`, quoted(root + call.path), ...headers, ...body].join(' ');
}

/** Returns the API's path of a calendar's events, or of one. */
export const eventsPath = (calendarId: string, eventId?: string): string =>
  `/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events${
    eventId === undefined ? '' : `/${encodeURIComponent(eventId)}`
  }`;

/** Where a burst happens. */
export interface BurstTarget {
  readonly user: string;
  readonly calendarId: string;
}

/** Marks the events of a burst, so that they can be found and removed. */
const BURST_MARK = { private: { burst: '1' } };

/** Twenty starts from 8:00 to 17:30. */
const STARTS = Array.from(
  { length: 20 },
  (_, index) => `${String(8 + Math.floor(index / 2)).padStart(2, '0')}:${index % 2 === 0 ? '00' : '30'}`,
);

const burstBody = (day: string, at: string, timeZone: string) => {
  const time = { dateTime: `${day}T${at}:00`, timeZone };
  return { summary: `Burst ${day} ${at}`, start: time, end: time, extendedProperties: BURST_MARK };
};

/** Returns calls that create 100 events: twenty on each of five days. */
export const burstOfEvents = (
  { user, calendarId }: BurstTarget,
  days: readonly string[],
  timeZone: string,
): readonly PlayCall[] =>
  days.slice(0, 5).flatMap((day) =>
    STARTS.map((at) => ({
      method: 'POST' as const,
      path: eventsPath(calendarId),
      user,
      body: burstBody(day, at, timeZone),
    })),
  );

/** Returns the command that makes the same calls. */
export function burstOfEventsCommand(
  root: string,
  { user, calendarId }: BurstTarget,
  days: readonly string[],
  timeZone: string,
): string {
  const one = curlOf(root, {
    method: 'POST',
    path: eventsPath(calendarId),
    user,
    body: burstBody('${day}', '${at}', timeZone),
  });
  return `for day in ${days.slice(0, 5).join(' ')}; do for at in ${STARTS.join(' ')}; do ${silent(expanding(one))}; done; done`;
}

/** Returns calls that edit one event 100 times. */
export const burstOfEdits = ({ user, calendarId }: BurstTarget, eventId: string): readonly PlayCall[] =>
  Array.from({ length: 100 }, (_, index) => ({
    method: 'PATCH' as const,
    path: eventsPath(calendarId, eventId),
    user,
    body: { location: `Room ${String(index + 1)}` },
  }));

/** Returns the command that makes the same calls. */
export function burstOfEditsCommand(root: string, target: BurstTarget, eventId: string): string {
  const [first] = burstOfEdits(target, eventId);
  if (first === undefined) return '';
  const one = curlOf(root, { ...first, body: { location: 'Room $n' } });
  return `for n in $(seq 100); do ${silent(expanding(one))}; done`;
}

/** Returns the command that removes the events of bursts. */
export const removeBurstCommand = (root: string, { user, calendarId }: BurstTarget): string => {
  const token = `-H ${quoted(`Authorization: Bearer ${user}`)}`;
  const list = `${root}${eventsPath(calendarId)}?privateExtendedProperty=${encodeURIComponent('burst=1')}&maxResults=2500`;
  return `curl -s ${quoted(list)} ${token} | jq -r '.items[].id' | while read -r id; do curl -s -X DELETE ${quoted(
    `${root}${eventsPath(calendarId)}/`,
  )}"$id" ${token}; done`;
};

/** Lets the shell fill in variables of the body. */
const expanding = (command: string): string =>
  command.replace(/ -d '(.*)'$/, (_, body: string) => ` -d "${body.replaceAll(/["\\`]/g, String.raw`\$&`)}"`);

const silent = (command: string): string => command.replace('curl ', 'curl -s -o /dev/null ');
