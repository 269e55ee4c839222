import { Firestore } from '@google-cloud/firestore';

/**
 * An instance is frozen between requests, and its connection may die meanwhile without notice. A ping goes out with the first call
 * after such a pause, and a connection that does not answer it is replaced.
 * @see https://github.com/grpc/grpc-node/tree/master/packages/grpc-js#supported-channel-options
 */
const KEEP_ALIVE = { 'grpc.keepalive_time_ms': 30_000, 'grpc.keepalive_timeout_ms': 5_000 };

/** Returns a client of a project's database. It reads `FIRESTORE_EMULATOR_HOST` itself. */
export const createFirestore = (
  projectId: string,
  databaseId: string,
  grpcOptions: Readonly<Record<string, number>> = KEEP_ALIVE,
): Firestore => new Firestore({ projectId, databaseId, ignoreUndefinedProperties: true, grpcOptions });

/** A document has changed since it was read: read and decide again. */
export class Conflict extends Error {
  override readonly name = 'Conflict';
}

/** A `create` hit an existing document. Re-read and retry with `set`. */
export class AlreadyExists extends Conflict {}

/** A write Firestore will never accept; retrying is pointless. Nothing was written. */
export class UnstorableWrite extends Error {
  override readonly name = 'Refused';
}

/** https://grpc.io/docs/guides/status-codes/ */
const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const FAILED_PRECONDITION = 9;
const ABORTED = 10;

export const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

/** Whether a write failed because its document does not exist. */
export const isNotFound = (error: unknown): boolean => codeOf(error) === NOT_FOUND;

/** Builds a write. @throws {UnstorableWrite} if the client rejects it */
export function buildWrite<T>(build: () => T): T {
  try {
    return build();
  } catch (cause) {
    throw new UnstorableWrite('the Firestore client rejects the write', { cause });
  }
}

/** Awaits a conditional write. @throws {Conflict} if a precondition failed @throws {UnstorableWrite} if Firestore rejects it for good */
export async function commitConditionally<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    const conflicts: unknown[] = [NOT_FOUND, FAILED_PRECONDITION, ABORTED];
    if (conflicts.includes(codeOf(error))) throw new Conflict('another write came first', { cause: error });
    if (codeOf(error) === ALREADY_EXISTS) {
      throw new AlreadyExists('the document already exists', { cause: error });
    }
    if (codeOf(error) === INVALID_ARGUMENT)
      throw new UnstorableWrite('Firestore rejects the write', { cause: error });
    throw error;
  }
}
