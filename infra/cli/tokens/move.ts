import { Failure } from '../failure.ts';
import type { StoredToken, TokenStore } from './stores.ts';

/** Moves refresh tokens from one store to the other, one user at a time. Safe to interrupt and to repeat at any point. */

export type Moved =
  /** Written to the new store, read back, and removed from the old one. */
  | 'moved'
  /** Written and read back; the old store keeps its own. */
  | 'copied'
  /** The new store had it already, or a later one; removed from the old store. */
  | 'removed'
  /** Only the new store has a token, or it keeps the same as the old one. */
  | 'present'
  /** Neither store has a token. */
  | 'missing';

export interface MoveOptions {
  /** Whether the old store keeps its tokens. */
  readonly keep: boolean;
  readonly dryRun: boolean;
}

/** Whether the token of the old store has to be written: the consent that was stored last counts, as login would have replaced the other. */
const isDue = (source: StoredToken, target: StoredToken | undefined): boolean =>
  target === undefined || (target.token !== source.token && source.storedAt > target.storedAt);

/**
 * Moves a user's token. It is removed from the old store only after it was read back from the new one.
 * @throws {CredentialsError} if a token cannot be read or written, {Conflict} if another one was stored meanwhile; nothing is lost
 */
export async function moveToken(
  user: string,
  from: TokenStore,
  to: TokenStore,
  { keep, dryRun }: MoveOptions,
): Promise<Moved> {
  const source = await from.read(user);
  const target = await to.read(user);
  if (source === undefined) return target === undefined ? 'missing' : 'present';
  const due = isDue(source, target);
  const result = due ? (keep ? 'copied' : 'moved') : keep ? 'present' : 'removed';
  if (dryRun) return result;
  if (due) await to.write(user, source.token, source.storedAt, target);
  const written = due ? await to.read(user) : target;
  if (written === undefined || (due && written.token !== source.token))
    throw new Failure(`the token of ${user} was stored again meanwhile`, 'run it again');
  await to.prune(user, written);
  if (!keep) await from.remove(user, source);
  return result;
}

/**
 * Encrypts a user's token again, if another key version than the primary one encrypted it. Until it is replaced, the document stays.
 * @returns the key version before; undefined if it is the primary one, or without a token
 */
export async function reencryptToken(
  user: string,
  store: TokenStore,
  primary: string,
  dryRun: boolean,
): Promise<string | undefined> {
  const stored = await store.read(user);
  if (stored === undefined || stored.version === primary) return undefined;
  if (!dryRun) await store.write(user, stored.token, stored.storedAt, stored);
  return stored.version;
}
