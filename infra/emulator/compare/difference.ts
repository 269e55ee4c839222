/** Compares what two servers answered. */
import { isDeepStrictEqual } from 'node:util';
import { type Form, formOf } from './form.ts';
import type { Played } from './play.ts';
import { textAt } from './step.ts';

export interface Difference {
  /** The name of the step. */
  readonly step: string;
  /** `POST /calendars/{calendar}/events`. */
  readonly call: string;
  readonly kind: 'status' | 'reason' | 'field' | 'type' | 'value' | 'rule';
  /** The path of a field, or the rule. */
  readonly of?: string;
  /** What each has; absent for a field that one does not have. */
  readonly left?: unknown;
  readonly right?: unknown;
}

/**
 * Returns the differences of one step: of status and reason, and if both succeed or both fail, of the fields, their types, words of
 * the API, and the script's rules.
 */
export function differencesOf(step: string, left: Played, right: Played): Difference[] {
  const found: Omit<Difference, 'step' | 'call'>[] = [];
  const compare = (kind: Difference['kind'], l: unknown, r: unknown, of?: string): void => {
    if (isDeepStrictEqual(l, r)) return;
    found.push({
      kind,
      ...(of !== undefined && { of }),
      ...(l !== undefined && { left: l }),
      ...(r !== undefined && { right: r }),
    });
  };
  compare('status', left.answer.status, right.answer.status);
  compare('reason', reasonOf(left), reasonOf(right));
  if (left.answer.status < 400 === right.answer.status < 400) {
    const [l, r] = [formOf(left.answer.body), formOf(right.answer.body)];
    for (const path of pathsOf(l, r)) {
      const [leftType, rightType] = [l.types.get(path), r.types.get(path)];
      compare(
        leftType === undefined || rightType === undefined ? 'field' : 'type',
        leftType,
        rightType,
        path,
      );
      compare('value', l.words.get(path), r.words.get(path), path);
    }
    for (const rule of Object.keys(left.rules)) compare('rule', left.rules[rule], right.rules[rule], rule);
  }
  return found
    .filter(
      ({ kind, of }) => kind !== 'value' || !found.some((other) => other.kind === 'field' && other.of === of),
    )
    .map((difference) => ({ step, call: callOf(left), ...difference }));
}

/** The paths of both, without the items of a list that is empty on one side: its length is another matter. */
function pathsOf(left: Form, right: Form): string[] {
  const empty = [...left.types, ...right.types].flatMap(([path, type]) =>
    type === 'empty list' ? [path] : [],
  );
  const paths = new Set([...left.types.keys(), ...right.types.keys()]);
  return [...paths]
    .filter((path) => !empty.some((list) => path === list || path.startsWith(`${list}[]`)))
    .toSorted();
}

const reasonOf = ({ answer }: Played): string | undefined => textAt(answer.body, 'error.errors.0.reason');

/** Without the ids of one server. */
const callOf = ({ call: { method, path } }: Played): string =>
  `${method} ${path
    .replace(/^\/calendars\/[^/?]+/, '/calendars/{calendar}')
    .replace(/^(\/users\/me\/calendarList)\/[^/?]+/, '$1/{calendar}')
    .replace(/\/events\/(?!import|quickAdd|watch)[^/?]+/, '/events/{event}')
    .replaceAll(/((?:page|sync)Token)=[^&]+/g, '$1=…')
    .replace(/destination=[^&]+/, 'destination={calendar}')}`;
