import { Timestamp, type Firestore } from '@google-cloud/firestore';
import * as z from 'zod';

import type { Ambient } from '../../../functions/calendar/auth/adc.ts';
import type { TokenStoreName } from '../../../functions/calendar/auth/modes.ts';
import { unusable, USER_SECRET, userSecret } from '../../../functions/calendar/auth/secrets.ts';
import { sealedToken, tokenPath, TOKENS, type KmsPlace } from '../../../functions/calendar/auth/tokens.ts';
import { accessDenied, unavailable } from '../../../functions/calendar/auth/request.ts';
import { CredentialsError } from '../../../functions/calendar/errors.ts';
import { commitConditionally } from '../../../functions/firestore/client.ts';
import type { CommandConfig } from '../config.ts';
import { encryptToken, openToken } from './kms.ts';
import { createSecretManager } from './secrets.ts';

/** The two stores of refresh tokens, with the same operations. */

/** What a store says of a token without opening it. */
interface TokenInfo {
  /** When the user's consent was stored, in Unix ms. */
  readonly storedAt: number;
  /** The number of the secret's version, or the full name of the key version. */
  readonly version: string;
}

export interface StoredToken extends TokenInfo {
  readonly token: string;
}

export interface TokenStore {
  readonly name: TokenStoreName;
  /** Returns the users with a token, and the ids of secrets whose user is not known. */
  readonly users: (known: readonly string[]) => Promise<{
    readonly users: readonly string[];
    readonly unknown: readonly string[];
  }>;
  /** Returns what is known of a user's token; undefined if there is none. */
  readonly peek: (user: string) => Promise<TokenInfo | undefined>;
  /** Returns a user's token; undefined if there is none. @throws {CredentialsError} if it cannot be read */
  readonly read: (user: string) => Promise<StoredToken | undefined>;
  /** Adds a token, unless another one was stored since `before` was read. @throws {Conflict} */
  readonly write: (
    user: string,
    token: string,
    storedAt: number,
    before: StoredToken | undefined,
  ) => Promise<void>;
  /** Removes a token that was read, and those before it. One that was stored since then stays. @throws {Conflict} */
  readonly remove: (user: string, stored: StoredToken) => Promise<void>;
  /** Removes what the store still has of the tokens before this one. */
  readonly prune: (user: string, stored: StoredToken) => Promise<void>;
  /** Stores a new consent's token in place of any other. */
  readonly replace: (user: string, token: string) => Promise<Replaced>;
}

interface Replaced {
  readonly version: string;
  /** Whether the secret was created. */
  readonly isNew: boolean;
  /** Why the versions before could not be destroyed. The token is stored all the same. */
  readonly left?: CredentialsError;
}

/** Decodes the user of a secret's id; undefined for a hash. */
export function userOfSecret(id: string): string | undefined {
  const encoded = id.slice(USER_SECRET.length);
  if (/^[0-9a-f]{64}$/.test(encoded)) return undefined;
  const bytes = encoded.replaceAll('_', '%');
  try {
    const user = decodeURIComponent(bytes);
    return userSecret(user) === id ? user : undefined;
  } catch {
    return undefined;
  }
}

export function createSecretStore(config: CommandConfig, ambient: Ambient): TokenStore {
  const secrets = createSecretManager(config, ambient);
  return {
    name: 'secret-manager',
    users: async (known) => {
      const hashed = new Map(known.map((user) => [userSecret(user), user]));
      const ids = await secrets.ids(USER_SECRET);
      const found = ids.map((id) => [id, hashed.get(id) ?? userOfSecret(id)] as const);
      return {
        users: found.flatMap(([, user]) => user ?? []),
        unknown: found.flatMap(([id, user]) => (user === undefined ? [id] : [])),
      };
    },
    peek: async (user) => {
      const [latest] = await secrets.versions(userSecret(user));
      return latest && { version: String(latest.number), storedAt: latest.createdAt };
    },
    read: async (user) => {
      const id = userSecret(user);
      const [latest] = await secrets.versions(id);
      if (latest === undefined) return undefined;
      if (!latest.isEnabled) throw unusable(id);
      const token = await secrets.access(id, latest.number);
      return { token, storedAt: latest.createdAt, version: String(latest.number) };
    },
    write: async (user, token) => void (await secrets.store(userSecret(user), token)),
    remove: async (user, { version }) => void (await secrets.destroyUpTo(userSecret(user), Number(version))),
    prune: async (user, { version }) =>
      void (await secrets.destroyUpTo(userSecret(user), Number(version) - 1)),
    replace: async (user, token) => {
      const { version, isNew } = await secrets.store(userSecret(user), token);
      const replaced = { version: String(version), isNew };
      try {
        if (!isNew) await secrets.destroyUpTo(userSecret(user), version - 1);
        return replaced;
      } catch (error) {
        if (!(error instanceof CredentialsError)) throw error;
        return { ...replaced, left: error };
      }
    },
  };
}

const document = z.object({
  ...sealedToken.shape,
  user: z.string(),
  storedAt: z.instanceof(Timestamp),
});

/** When the document of a token was last written, by Firestore's clock. */
const readAt = new WeakMap<StoredToken, Timestamp>();

export function createFirestoreStore(firestore: Firestore, kms: KmsPlace): TokenStore {
  const encrypted = async (user: string, token: string, storedAt: number) => {
    const { keyVersion, ciphertext } = await encryptToken(kms, user, token);
    return { user, keyVersion, ciphertext, storedAt: Timestamp.fromMillis(storedAt) };
  };
  const load = async (user: string) => {
    const snapshot = await firestore.doc(tokenPath(user)).get();
    if (!snapshot.exists) return undefined;
    const parsed = document.safeParse(snapshot.data());
    if (!parsed.success) throw accessDenied('tokenNotFound', `${tokenPath(user)} is malformed`);
    return { content: parsed.data, updateTime: snapshot.updateTime };
  };
  return {
    name: 'firestore',
    users: async () => {
      const { docs } = await firestore.collection(TOKENS).select('user').get();
      const found = docs.map((each) => z.string().safeParse(each.get('user')).data);
      return { users: found.flatMap((user) => user ?? []), unknown: [] };
    },
    peek: async (user) => {
      const { keyVersion, storedAt } = (await load(user))?.content ?? {};
      return keyVersion === undefined || storedAt === undefined
        ? undefined
        : { version: keyVersion, storedAt: storedAt.toMillis() };
    },
    read: async (user) => {
      const found = await load(user);
      if (found === undefined) return undefined;
      const { content, updateTime } = found;
      const token = await openToken(kms, user, content);
      const stored = { token, storedAt: content.storedAt.toMillis(), version: content.keyVersion };
      if (updateTime !== undefined) readAt.set(stored, updateTime);
      return stored;
    },
    write: async (user, token, storedAt, before) => {
      const content = await encrypted(user, token, storedAt);
      // Before it takes the place of a document that opens.
      if ((await openToken(kms, user, content)) !== token) throw unavailable('kms');
      const lastUpdateTime = before && readAt.get(before);
      const reference = firestore.doc(tokenPath(user));
      await commitConditionally(
        lastUpdateTime === undefined
          ? reference.create(content)
          : reference.update(content, { lastUpdateTime }),
      );
    },
    remove: async (user, stored) => {
      const lastUpdateTime = readAt.get(stored);
      const reference = firestore.doc(tokenPath(user));
      await commitConditionally(reference.delete(lastUpdateTime === undefined ? {} : { lastUpdateTime }));
    },
    // A document has one token.
    prune: async () => undefined,
    replace: async (user, token) => {
      const content = await encrypted(user, token, Date.now());
      await firestore.doc(tokenPath(user)).set(content);
      return { version: content.keyVersion, isNew: false };
    },
  };
}
