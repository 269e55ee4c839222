/** A stretch of the timeline as a test file: the state before it, and calls of the API that make the same changes. Pure. */
import type { Change } from '../../../../functions/feed/change.ts';
import { COMPARABLE_SOURCE } from './event-fields.ts';
import { eventStep, keyOf } from './event-step.ts';
import { listStep, ruleStep } from './other-step.ts';
import { replacePersonal } from './replace.ts';
import { ownersOf, seedOf } from './seed.ts';
import { nothing, type Check, type Step } from './step.ts';

export interface ExportOptions {
  /** Whether titles, texts and addresses are replaced. */
  readonly replaced: boolean;
  /** Returns a change in words. */
  readonly sentenceOf: (change: Change) => string;
}

/**
 * Returns a vitest file that starts a Calendar emulator with what was there before, makes each change by a call of the API, and compares
 * the item with the recorded one. What the API cannot write is a comment.
 */
export function testFileOf(recorded: readonly Change[], { replaced, sentenceOf }: ExportOptions): string {
  const changes = replaced ? replacePersonal(recorded) : recorded;
  const owners = ownersOf(changes);
  const { seed, puts, exists } = seedOf(changes, owners);
  const deleted = new Set(
    changes.flatMap(({ after, calendarId, itemId }) =>
      after === null && calendarId !== null ? [keyOf(calendarId, itemId)] : [],
    ),
  );
  const made = { exists, deleted, calendars: new Set(owners.keys()) };
  const steps = changes.flatMap((change): readonly string[] => {
    const owner = owners.get(change.calendarId ?? change.itemId) ?? change.user;
    const step = stepOf(change, owner, made);
    if (change.resource === 'events' && change.calendarId !== null && step.do !== 'nothing')
      exists.add(keyOf(change.calendarId, change.itemId));
    const kinds = [change.change, ...change.kinds].join(', ');
    return [
      '',
      `// ${change.watchId}/${change.sequence} ${kinds}: ${inOneLine(sentenceOf(change))}`,
      ...codeOf(step, owner),
    ];
  });
  return `/** ${changes.length} changes from ${changes[0]?.occurredAt ?? ''} on, by the console of calendar-mirror. */
import { startCalendarEmulator } from 'google-calendar-emulator';
import { expect, onTestFinished, test } from 'vitest';

${COMPARABLE_SOURCE}

const initial = ${literal(seed)};

test('the recorded changes happen again', async () => {
  const emulator = await startCalendarEmulator({ initial });
  onTestFinished(() => emulator.close());
  /** Calls the API as a user; returns what it answers. */
  async function call(user: string, method: string, path: string, body?: object) {
    const response = await fetch(\`\${emulator.url}/calendar/v3\${path}\`, {
      method,
      headers: { authorization: \`Bearer \${user}\`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  }
  /** Makes a change. */
  async function change(user: string, method: string, path: string, body?: object) {
    const answer = await call(user, method, path, body);
    expect(answer, \`\${method} \${path}\`).toMatchObject({ status: expect.toSatisfy((status: number) => status < 300) });
  }
${indent([...puts.map(({ calendarId, event }) => `emulator.putEvent(${literal(calendarId)}, ${literal(event)});`), ...steps])}
});
`;
}

function stepOf(change: Change, owner: string, made: Parameters<typeof eventStep>[1]): Step {
  if (change.change === 'snapshot') return nothing('it was there already');
  if (change.resource === 'settings') return nothing('the API cannot write settings');
  if (change.resource === 'calendarList') return listStep(change);
  if (change.user !== owner) return nothing(`${owner} sees the same change`);
  return change.resource === 'acl' ? ruleStep(change) : eventStep(change, made);
}

function codeOf(step: Step, user: string): readonly string[] {
  if (step.do === 'nothing') return [`// Not reproduced: ${inOneLine(step.why)}.`];
  const check = step.check === undefined ? [] : [checkOf(step.check, user)];
  if (step.do === 'put')
    return [`emulator.putEvent(${literal(step.calendarId)}, ${literal(step.event)});`, ...check];
  const body = step.body === undefined ? '' : `, ${literal(step.body)}`;
  return [`await change(${literal(user)}, '${step.method}', ${literal(step.path)}${body});`, ...check];
}

function checkOf(check: Check, user: string): string {
  const read = `await call(${literal(user)}, 'GET', ${literal(check.path)})`;
  switch (check.is) {
    case 'event':
      return `expect(comparable((${read}).body)).toEqual(${literal(check.fields)});`;
    case 'like':
      return `expect((${read}).body).toMatchObject(${literal(check.fields)});`;
    case 'absent':
      return `expect((${read}).status).toBe(404);`;
  }
}

/** Returns a value as source. A key \`__proto__\` of a literal would set the prototype. */
const literal = (value: unknown): string =>
  JSON.stringify(value, null, 2).replaceAll(/(?<!\\)"__proto__":/g, '["__proto__"]:');

/** A comment must not end before its text does. */
const inOneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');

const indent = (lines: readonly string[]): string =>
  lines
    .flatMap((line) => line.split('\n'))
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
