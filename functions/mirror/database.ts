import { Firestore } from '@google-cloud/firestore';

/** The client of a project's database. It reads `FIRESTORE_EMULATOR_HOST` itself. */
export const createFirestore = (projectId: string, databaseId: string): Firestore =>
  new Firestore({ projectId, databaseId, ignoreUndefinedProperties: true });

/** The document is no longer what it was when it was read: read it again and decide again. */
export class Conflict extends Error {
  override readonly name = 'Conflict';
}

/** A document is there already that was written for the first time. Whoever looks what is there can go on. */
export class AlreadyThere extends Conflict {}

/** Firestore does not take a write as it is, however often it is tried. Nothing of it has happened. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** Codes of gRPC with which Firestore says that a write is impossible, that a precondition failed, or that another write came first. */
const INVALID_ARGUMENT = 3;
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const FAILED_PRECONDITION = 9;
const ABORTED = 10;

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

/** True when Firestore refused a write because its document does not exist. */
export const isNotFound = (error: unknown): boolean => codeOf(error) === NOT_FOUND;

/** Builds a write. @throws {Refused} when the client would not even send it. */
export function built<T>(build: () => T): T {
  try {
    return build();
  } catch (cause) {
    throw new Refused('the client of Firestore refuses it', { cause });
  }
}

/** Turns what Firestore says of a conditional write that came too late into a {@link Conflict}, of an impossible one into {@link Refused}. */
export async function conditional<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    const late: unknown[] = [NOT_FOUND, FAILED_PRECONDITION, ABORTED];
    if (late.includes(codeOf(error))) throw new Conflict('another write came first', { cause: error });
    if (codeOf(error) === ALREADY_EXISTS) {
      throw new AlreadyThere('there is such a document already', { cause: error });
    }
    if (codeOf(error) === INVALID_ARGUMENT) throw new Refused('Firestore refuses it', { cause: error });
    throw error;
  }
}
