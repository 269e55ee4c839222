import { InvalidArgumentError } from 'commander';
import * as z from 'zod';

import { PORTS, type PortName } from '../../local/ports.ts';
import type { Cloud } from '../../local/cloud.ts';
import type { CommandSpec } from '../declare.ts';
import type { Open } from '../session.ts';

/** `calendar-mirror dev`: runs the whole cloud on this machine until Ctrl-C. */

type Ports = Partial<Record<PortName, number>>;

export const devCommand: CommandSpec = {
  name: 'dev',
  about:
    'Run the whole cloud on this machine until Ctrl-C: emulators, functions, scheduler, and watches of everything that the users have.',
  examples: ['dev', 'dev --seed seed.json --ports receive=8081,calendar=9000', 'dev --json | jq -c'],
  notes:
    'Uses the emulators that FIRESTORE_EMULATOR_HOST and PUBSUB_EMULATOR_HOST name.\nOthers are started with gcloud.',
  globals: ['json', 'verbose'],
  declare: (command) =>
    command
      .option(
        '--ports <list>',
        `ports of ${PORTS.join(', ')}: receive=8081,calendar=9000; free ones by default`,
        parsePorts,
      )
      .option('--seed <file>', 'JSON file with users, calendars and events; two example users by default')
      .option('--no-build', 'serve the functions as they were last built')
      .option('--quiet', 'do not print the hops of each change'),
  run,
};

/** Parses `receive=8081,calendar=9000`. @throws {InvalidArgumentError} */
export function parsePorts(list: string): Ports {
  const ports: Ports = {};
  for (const entry of list.split(',')) {
    const [part, port = ''] = entry.split('=');
    const name = PORTS.find((known) => known === part);
    if (name === undefined)
      throw new InvalidArgumentError(`${String(part)} has no port; choose from ${PORTS.join(', ')}.`);
    const number = Number(port);
    if (!/^\d+$/.test(port) || number < 1 || number > 65_535)
      throw new InvalidArgumentError(`${entry} is not a port; write ${name}=8080, for example.`);
    if (Object.values(ports).includes(number))
      throw new InvalidArgumentError(`${String(number)} is given twice.`);
    ports[name] = number;
  }
  return ports;
}

const Options = z.object({
  ports: z.partialRecord(z.enum(PORTS), z.number()).default({}),
  seed: z.string().optional(),
  build: z.boolean().default(true),
  quiet: z.boolean().default(false),
  json: z.boolean().default(false),
});

async function run(_open: Open, _args: readonly string[], given: unknown): Promise<void> {
  const { seed: file, ...options } = Options.parse(given);
  const { runCloud } = await import('../../local/run.ts');
  const { onThisMachine, withSeedFile } = await import('../this-machine.ts');
  await withSeedFile(file, (seed) => onThisMachine(() => runCloud({ ...options, seed, openConsole })));
}

/** Opens the console of a cloud. */
async function openConsole(cloud: Cloud) {
  const { startConsoleOf } = await import('../../console/of-cloud.ts');
  return startConsoleOf(cloud);
}
