import type { JournalEntry } from '../journal/journal.ts';

/** One line per request or notification, for people who watch. Never a token, and nothing of an event. */

export const LOG_LEVELS = ['none', 'requests', 'all'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Returns whether a text is a level. */
export const isLogLevel = (text: string): text is LogLevel => LOG_LEVELS.some((level) => level === text);

/** Returns the line of an entry, or undefined if the level does not show it. */
export function logLine(entry: JournalEntry, level: LogLevel): string | undefined {
  if (level === 'none') return undefined;
  const time = new Date(entry.time).toISOString();
  const ms = `${Math.round(entry.ms)} ms`;
  if (entry.kind === 'request') {
    // Without a method, the path is all that tells a typing mistake.
    const method = entry.method === 'unknown' ? `${entry.httpMethod} ${entry.path}` : entry.method;
    const status = entry.status === 0 ? 'no answer' : [entry.status, entry.reason].filter(Boolean).join(' ');
    return [time, method, status, account(entry.user), ms].join('  ');
  }
  if (level === 'requests') return undefined;
  const answer = [entry.fate, entry.status].filter(Boolean).join(' ');
  const what = `notification ${entry.resource} ${entry.state}`;
  return [time, what, answer, account(entry.user), `channel ${entry.channelId} #${entry.number}`, ms].join(
    '  ',
  );
}

/** A bearer token that is not an address may be a real one. */
const account = (user: string | undefined): string => (user?.includes('@') === true ? user : '-');
