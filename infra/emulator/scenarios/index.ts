/** Named scenarios, so that tests need no fault rules. */
import * as z from 'zod';
import { notificationScenarios } from './notifications.ts';
import { requestScenarios } from './requests.ts';
import { type Played, type Stage, ScenarioError } from './scenario.ts';
import { stateScenarios } from './state.ts';

const all = { ...stateScenarios, ...notificationScenarios, ...requestScenarios };

export type ScenarioName = keyof typeof all;

/** The parameters of each scenario, before defaults. */
export type ScenarioParameters = {
  readonly [Name in ScenarioName]: z.input<(typeof all)[Name]['parameters']>;
};

/** What a scenario did. */
export interface ScenarioOutcome extends Played {
  readonly scenario: ScenarioName;
}

/** A scenario as `GET /emulator/scenarios` lists it. */
export interface ScenarioDescription {
  readonly name: ScenarioName;
  readonly description: string;
  /** A JSON Schema. */
  readonly parameters: z.core.JSONSchema.BaseSchema;
}

/** Returns all scenarios. */
export const describeScenarios = (): ScenarioDescription[] =>
  scenarioNames().map((name) => ({
    name,
    description: all[name].description,
    parameters: z.toJSONSchema(all[name].parameters, { io: 'input' }),
  }));

/** Returns the names of all scenarios. */
export const scenarioNames = (): ScenarioName[] => Object.keys(all).filter(isScenario);

const isScenario = (name: string): name is ScenarioName => Object.hasOwn(all, name);

/**
 * Plays a scenario.
 * @throws ScenarioError if the name is unknown, or if a parameter names a user or calendar that does not exist
 * @throws TypeError if the parameters are invalid
 */
export function playScenario(stage: Stage, name: string, parameters: unknown = {}): ScenarioOutcome {
  if (!isScenario(name))
    throw new ScenarioError(`scenario '${name}' not found: use one of ${scenarioNames().join(', ')}`);
  return { scenario: name, ...all[name].play(stage, parameters) };
}
