/** Thrown for a state file that cannot be used. The message names the file and what to do. */
export class StateFileError extends Error {
  override readonly name = 'StateFileError';
}
