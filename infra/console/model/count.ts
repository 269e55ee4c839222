/** Returns a number with its noun, such as `1 watch` or `2 watches`. */
export const count = (number: number, one: string, more = `${one}s`): string =>
  `${String(number)} ${number === 1 ? one : more}`;
