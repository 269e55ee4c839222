import { parseArgs } from 'node:util';
import { PORTS, type PortName } from './cloud.ts';

/** What `npm start` was asked for. */
export interface StartOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly help: boolean;
  /** Whether to build the functions first. */
  readonly build: boolean;
  readonly seed?: string;
  readonly ports: Partial<Record<PortName, number>>;
}

export const USAGE = `Usage: npm start -- [options]

Starts the whole cloud on this machine: emulators, the three functions, a scheduler, and watches on
everything that the seeded users have. Ctrl-C stops all of it.

Options:
  --ports <list>  where to listen, such as receive=8081,calendar=9000; free ports otherwise
                  (${PORTS.join(', ')})
  --seed <file>   users, calendars and events to start with, as JSON; two example users otherwise
  --no-build      serve what npm run build wrote last
  --json          one JSON object a line: first what is running, then every hop
  --quiet         no line per hop
  --help          this text

Uses FIRESTORE_EMULATOR_HOST and PUBSUB_EMULATOR_HOST where they are set.`;

/** The command line was wrong: its message says how. */
export class UsageError extends Error {}

/**
 * Reads the command line of `npm start`.
 * @throws UsageError on an unknown option or a value that cannot be meant.
 */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const { json, quiet, help, seed, ports, 'no-build': isBuilt } = parse(args);
  return {
    json,
    quiet,
    help,
    build: !isBuilt,
    ports: parsePorts(ports),
    ...(seed === undefined ? {} : { seed }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        'no-build': { type: 'boolean', default: false },
        seed: { type: 'string' },
        ports: { type: 'string', default: '' },
      },
    }).values;
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function parsePorts(list: string): Partial<Record<PortName, number>> {
  const ports: Partial<Record<PortName, number>> = {};
  for (const entry of list.split(',').filter((part) => part !== '')) {
    const [given, port = ''] = entry.split('=');
    const name = PORTS.find((known) => known === given);
    if (name === undefined) throw new UsageError(`--ports: there is no ${given}, only ${PORTS.join(', ')}`);
    const number = Number(port);
    if (!/^\d+$/.test(port) || number < 1 || number > 65_535) {
      throw new UsageError(`--ports: ${entry} is no port; write ${name}=8080, for example`);
    }
    if (Object.values(ports).includes(number)) throw new UsageError(`--ports: ${number} is given twice`);
    ports[name] = number;
  }
  return ports;
}
