import manifest from '../../../package.json' with { type: 'json' };
import type { AuthMode } from '../../../functions/calendar/auth/modes.ts';
import { printable, printResult, styled, table } from '../../terminal/output.ts';
import { isVisible } from './assumptions.ts';
import type { Sighting } from './evidence.ts';
import { formatHops, type StepResult } from './play-step.ts';

/** The result of a trial, for people. */

const MARKS: Readonly<Record<Sighting['verdict'], string>> = { holds: '✓', differs: '✗', unseen: '–' };
const COLOURS = { holds: 'green', differs: 'red', unseen: 'dim' } as const;

const seenText = ({ id, verdict, seen }: Sighting): string =>
  verdict !== 'unseen' ? seen : isVisible(id) ? 'not seen this time' : 'not visible from outside';

/** Prints what is assumed about Google beside what was seen. */
export function printSightings(sightings: readonly Sighting[]): void {
  const rows = sightings.map((sighting) => [
    styled(COLOURS[sighting.verdict], MARKS[sighting.verdict]),
    sighting.id,
    printable(sighting.assumed.replaceAll('`', '')),
    printable(seenText(sighting)),
  ]);
  printResult(`\n${table([['', '', 'assumed', 'seen'], ...rows])}`);
}

/** Returns `text` without addresses and without each of the given names. */
export function anonymous(text: string, names: readonly string[]): string {
  let hidden = text;
  const longestFirst = names.filter((name) => name !== '').toSorted((a, b) => b.length - a.length);
  for (const name of longestFirst)
    for (const form of [name, encodeURIComponent(name)]) hidden = hidden.replaceAll(form, '…');
  return hidden.replaceAll(/[^\s@"'/<>:]+(?:@|%40)[^\s"'/<>:,]+/g, '…');
}

const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const markdownTable = (heading: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(heading), row(heading.map(() => '---')), ...rows.map(row)].join('\n');

/** Returns the report of a trial as Markdown. It names neither users nor calendars nor the project. */
export function reportText(options: {
  readonly mode: AuthMode;
  readonly startedAt: number;
  readonly steps: readonly StepResult[];
  readonly sightings: readonly Sighting[];
}): string {
  const { mode, startedAt, steps, sightings } = options;
  const about = [
    `calendar-mirror ${manifest.version}`,
    `Node ${process.version}`,
    `credentials: ${mode}`,
    new Date(startedAt).toISOString(),
  ];
  const played = steps.map(({ title, ok, hops, says = '' }) => [
    ok ? '✓' : '✗',
    title,
    [hops === undefined ? '' : formatHops(hops), says].filter((part) => part !== '').join(', '),
  ]);
  const seen = sightings.map((sighting) => [
    MARKS[sighting.verdict],
    sighting.id,
    sighting.assumed,
    seenText(sighting),
  ]);
  return [
    '# calendar-mirror trial',
    about.map((line) => `- ${line}`).join('\n'),
    '## Steps',
    markdownTable(['', 'step', 'result'], played),
    '## Assumptions about Google',
    markdownTable(['', '', 'assumed', 'seen'], seen),
    '',
  ].join('\n\n');
}
