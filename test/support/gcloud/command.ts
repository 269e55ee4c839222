/** A gcloud command: its name, arguments and flags. */

export class GcloudCommand {
  /** The words before the first argument, such as `pubsub topics create`. */
  readonly name: string;
  readonly #args: string[];
  readonly #flags: Map<string, string[]>;
  readonly #words: readonly string[];

  /** @param names the names of the known commands. */
  constructor(words: readonly string[], names: readonly string[]) {
    const [, ...rest] = words;
    this.#words = words;
    const bare = rest.filter((word) => !word.startsWith('--'));
    const name = names.find((each) => `${bare.join(' ')} `.startsWith(`${each} `));
    if (name === undefined) throw new Error(`not a known command: ${words.join(' ')}`);
    this.name = name;
    this.#args = bare.slice(name.split(' ').length);
    this.#flags = new Map();
    for (const flag of rest.filter((word) => word.startsWith('--'))) {
      const [, key = '', value = ''] = /^--([\w-]+)(?:=(.*))?$/s.exec(flag) ?? [];
      this.#flags.set(key, [...(this.#flags.get(key) ?? []), value]);
    }
  }

  /** Takes the next argument. */
  arg(): string {
    const value = this.#args.shift();
    if (value === undefined) throw new Error(`an argument is missing: ${this.#words.join(' ')}`);
    return value;
  }

  /** Takes all arguments that are left. */
  args(): readonly string[] {
    return this.#args.splice(0);
  }

  /** Takes all values of a flag. */
  all(name: string): readonly string[] {
    const values = this.#flags.get(name) ?? [];
    this.#flags.delete(name);
    return values;
  }

  /** Takes the value of a flag. */
  maybe(name: string): string | undefined {
    return this.all(name)[0];
  }

  /** Takes the value of a flag that must be given. */
  flag(name: string): string {
    const value = this.maybe(name);
    if (value === undefined) throw new Error(`--${name} is missing: ${this.#words.join(' ')}`);
    return value;
  }

  /** Takes a flag without a value, and returns whether it is given. */
  has(name: string): boolean {
    return this.maybe(name) !== undefined;
  }

  /** Returns the arguments and flags that were not taken. */
  left(): readonly string[] {
    return [...this.#args, ...[...this.#flags.keys()].map((name) => `--${name}`)];
  }
}

/** Parses gcloud's dictionaries: `a=b,c=d`. */
export const dictionary = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text.split(',').map((pair) => {
      const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
      return [key, value];
    }),
  );

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Parses a duration, as both gcloud and Terraform write it, in seconds. */
export function seconds(text: string): number {
  const [, count = '', unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const factor = SECONDS[unit];
  if (factor === undefined) throw new Error(`not a duration: ${text}`);
  return Number(count) * factor;
}
