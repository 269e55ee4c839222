import { describeScenarios, playScenario, scenarioNames } from './index.ts';
import type { Stage } from './scenario.ts';

/** Control routes of scenarios, by method and path below `/emulator`. */
export const scenarioControl = (stage: Stage): Readonly<Record<string, (body: unknown) => unknown>> => ({
  'GET /scenarios': () => describeScenarios(),
  ...Object.fromEntries(
    scenarioNames().map((name) => [
      `POST /scenarios/${name}`,
      (body: unknown) => playScenario(stage, name, body),
    ]),
  ),
});
