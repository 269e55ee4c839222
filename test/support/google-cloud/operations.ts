import { CloudError, notFound } from './errors.ts';
import { asResponse, type Resource } from './resource.ts';

/**
 * Long-running operations, which take some polls, or some time if no client polls.
 * https://cloud.google.com/apis/design/design_patterns#long_running_operations
 */
export interface Operations {
  /**
   * Starts an operation below `parent`.
   * @param finish does the work at the end and returns the response; a CloudError is the operation's error.
   */
  readonly start: (service: string, parent: string, finish: () => Resource, metadata?: Resource) => Resource;
  /** Returns an operation; counts as a poll. */
  readonly poll: (service: string, name: string) => Resource;
  /** Finishes what has taken long enough. */
  readonly settle: () => void;
  /** How many operations below `parent` are running. */
  readonly running: (service: string, parent: string) => number;
}

interface Operation {
  readonly name: string;
  readonly service: string;
  readonly parent: string;
  readonly metadata: Resource;
  readonly startedAt: number;
  readonly finish: () => Resource;
  polls: number;
  result?: { readonly response: Resource } | { readonly error: Resource };
}

const keyOf = (service: string, name: string): string => `${service}/${name}`;

/** @param polls how many polls see the operation running; `ms` ends it without polls. */
export function createOperations(now: () => number, polls: number, ms: number): Operations {
  const operations = new Map<string, Operation>();

  function finish(operation: Operation): void {
    try {
      operation.result = { response: operation.finish() };
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      operation.result = { error: { ...error.rpc() } };
    }
  }

  const shown = ({ name, metadata, result }: Operation): Resource => {
    if (result === undefined) return { name, metadata };
    const outcome = 'response' in result ? { response: asResponse(result.response) } : result;
    return { name, metadata, done: true, ...outcome };
  };

  return {
    start: (service, parent, work, metadata = {}) => {
      const name = `${parent === '' ? '' : `${parent}/`}operations/operation-${String(operations.size + 1)}`;
      const operation = { name, service, parent, metadata, startedAt: now(), finish: work, polls: 0 };
      operations.set(keyOf(service, name), operation);
      return shown(operation);
    },
    poll: (service, name) => {
      const operation = operations.get(keyOf(service, name));
      if (operation === undefined) throw notFound(name);
      operation.polls += 1;
      if (operation.result === undefined && operation.polls > polls) finish(operation);
      return shown(operation);
    },
    settle: () => {
      for (const operation of operations.values()) {
        if (operation.result === undefined && now() - operation.startedAt >= ms) finish(operation);
      }
    },
    running: (service, parent) =>
      [...operations.values()].filter(
        (each) => each.service === service && each.parent === parent && each.result === undefined,
      ).length,
  };
}
