import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describeScenarios, type ScenarioDescription } from '../emulator/scenarios/index.ts';
import { table } from './markdown.ts';

/** Generates the emulator's guide by task, whose examples are the tested files below `infra/emulator/examples`. */

const EMULATOR = fileURLToPath(new URL('../emulator/', import.meta.url));

interface Task {
  readonly title: string;
  /** What happens at Google, and what the example shows. */
  readonly text: string;
  /** A file of `examples/tasks`, without its ending. */
  readonly example: string;
}

const TASKS: readonly Task[] = [
  {
    title: 'My app survives a 410',
    text: `Google may invalidate a sync token at any time. A list call then returns 410, and the app must do a full sync. Events that were deleted
in the meantime are not in that list, so the app must also remove what the list does not contain.`,
    example: 'expired-sync-token',
  },
  {
    title: 'My app survives a lost notification',
    text: 'Google drops a small part of all notifications. An app that also polls from time to time still finds the change.',
    example: 'lost-notification',
  },
  {
    title: 'My app does not work twice for a duplicate',
    text: 'A notification may arrive more than once, with the same message number.',
    example: 'duplicate-notification',
  },
  {
    title: 'My app notices a dead channel',
    text: 'A channel may stop notifying before it expires, and the API cannot list channels. If a poll finds changes that no notification announced, replace the channel.',
    example: 'dead-channel',
  },
  {
    title: 'My app keeps to its quota',
    text: `Above a quota, Google returns 403 or 429; retry both later. The example passes the app a \`wait\` function that returns at once, and checks how
long the app would have waited.`,
    example: 'quota',
  },
  {
    title: 'A connection breaks after the write',
    text: 'The event exists, but the app got no response. If the app chose the event’s id, it can safely retry: the second insert returns 409.',
    example: 'lost-connection',
  },
  {
    title: 'Time: a channel lapses in a week',
    text: `The emulator’s clock can be advanced, never set back. Channels, sync tokens and access tokens expire by it, and the example app reads
the same clock. Delays of notifications and retries take real time.`,
    example: 'channel-lifetime',
  },
  {
    title: 'Which edit caused which notification',
    text: 'Every request in the journal has an id, and every attempt to deliver a notification names the request that caused it.',
    example: 'correlation',
  },
];

/** Renders `infra/emulator/tasks.md`. */
export const tasksPage = (): string => `# The Calendar emulator by task

<!-- Written by \`npm run docs\`. -->

Each example is a test of a small app that keeps a copy of a calendar, [examples/app.ts](examples/app.ts). [examples/start.ts](examples/start.ts)
starts the emulator and the app. All of them run in CI. To run them yourself, copy \`node_modules/google-calendar-emulator/examples\`
after \`npm install --save-dev google-calendar-emulator vitest zod\`.

${TASKS.map(({ title }) => `- [${title}](#${anchorOf(title)})`).join('\n')}
- [All scenarios](#all-scenarios)

${TASKS.map(renderTask).join('\n\n')}

## All scenarios

In process \`emulator.scenario(name, parameters)\`, over HTTP \`POST /emulator/scenarios/<name>\` with the parameters as JSON. The response
lists the rules that a scenario added, so that you can remove them. \`GET /emulator/scenarios\` has the JSON Schemas of the parameters.

${scenarioTable(describeScenarios())}
`;

const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');

function renderTask({ title, text, example }: Task): string {
  const path = `examples/tasks/${example}.test.ts`;
  const code = readFileSync(EMULATOR + path, 'utf8');
  return ['## ' + title, '', text, '', `From [${path}](${path}):`, '', '```ts', `${code}\`\`\``].join('\n');
}

function scenarioTable(scenarios: readonly ScenarioDescription[]): string {
  return table([
    ['scenario', 'what happens', 'parameters'],
    ...scenarios.map(({ name, description, parameters: { properties = {} } }) => [
      `\`${name}\``,
      description,
      Object.keys(properties)
        .map((parameter) => `\`${parameter}\``)
        .join(', '),
    ]),
  ]);
}
