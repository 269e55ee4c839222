import type { Firestore } from '@google-cloud/firestore';
import * as z from 'zod';

import { TOKENS } from '../../../functions/calendar/auth/tokens.ts';
import type { CommandConfig } from '../config.ts';
import { tokenStoreOf, type TokenStoreConfig } from '../tokens/choice.ts';
import { lookupFailure, type CloudApi } from './cloud-api.ts';
import { unknown, well, wrong, type Finding } from './finding.ts';
import type { Deployment } from './functions.ts';

/** Checks where refresh tokens are kept, and the key that encrypts them. https://cloud.google.com/kms/docs/reference/rest */

const WHAT = 'refresh tokens';
const KEY = 'key of refresh tokens';

const placeOf = ({ OAUTH_TOKEN_STORE: store, OAUTH_KMS_KEY: key }: TokenStoreConfig): string =>
  store === 'firestore' ? `${store} with ${key ?? 'no key'}` : store;

/** Judges whether sync, renew and this command use the same store and key. Pure. */
export function judgeTokenStore(config: CommandConfig, { sync, renew }: Deployment): Finding {
  const unset = { ...config, OAUTH_TOKEN_STORE: undefined, OAUTH_KMS_KEY: undefined };
  const [used, other] = [placeOf(tokenStoreOf(unset, sync)), placeOf(tokenStoreOf(unset, renew))];
  const own = placeOf(tokenStoreOf(config, sync));
  if (renew !== undefined && sync !== undefined && used !== other)
    return wrong(
      WHAT,
      `sync reads them from ${used}, and renew from ${other}`,
      'deploy both with the same OAUTH_TOKEN_STORE and OAUTH_KMS_KEY',
    );
  if (sync !== undefined && used !== own)
    return wrong(
      WHAT,
      `the functions read them from ${used}, and this command from ${own}`,
      'set OAUTH_TOKEN_STORE and OAUTH_KMS_KEY to the values of the functions, or unset them',
    );
  return well(WHAT, `kept in ${own}`);
}

const versionsSchema = z.object({
  cryptoKeyVersions: z.array(z.object({ name: z.string(), state: z.string().nullish() })).default([]),
});
type Versions = z.infer<typeof versionsSchema>['cryptoKeyVersions'];

/**
 * Judges whether every token can be opened. Pure.
 * @param used how many tokens each key version encrypted @param versions undefined if the key does not exist
 */
export function judgeKey(
  key: string,
  versions: Versions | undefined,
  used: ReadonlyMap<string, number>,
): readonly Finding[] {
  if (versions === undefined)
    return [
      wrong(KEY, `${key} does not exist`, 'deploy sync and renew with the OAUTH_KMS_KEY of the tokens'),
    ];
  const states = new Map(versions.map(({ name, state }) => [name, state ?? 'in an unknown state']));
  const closed = [...used].filter(([version]) => states.get(version) !== 'ENABLED');
  if (closed.length === 0) return [well(KEY, `opens all tokens (${key})`)];
  return closed.map(([version, count]) => {
    const says = `${version} is ${states.get(version) ?? 'not of this key'}, and ${String(count)} tokens need it`;
    if (!states.has(version)) return wrong(KEY, says, 'calendar-mirror tokens reencrypt');
    return wrong(
      KEY,
      says,
      states.get(version) === 'DESTROYED'
        ? 'have these users consent again: calendar-mirror login (calendar-mirror tokens lists them)'
        : `gcloud kms keys versions ${states.get(version) === 'DISABLED' ? 'enable' : 'restore'} ${version}`,
    );
  });
}

const policySchema = z.object({
  bindings: z.array(z.object({ role: z.string(), members: z.array(z.string()).default([]) })).default([]),
});
const DECRYPTERS = new Set([
  'roles/cloudkms.cryptoKeyDecrypter',
  'roles/cloudkms.cryptoKeyEncrypterDecrypter',
]);

/** Judges whether accounts may decrypt with the key. A grant on its key ring or project is not seen. Pure. */
export function judgeDecrypters(
  keyName: string,
  { bindings }: z.infer<typeof policySchema>,
  accounts: readonly string[],
): readonly Finding[] {
  const granted = new Set(
    bindings.filter(({ role }) => DECRYPTERS.has(role)).flatMap(({ members }) => members),
  );
  return [...new Set(accounts)]
    .map((account) => `serviceAccount:${account}`)
    .filter((member) => !granted.has(member))
    .map((member) =>
      unknown(
        KEY,
        `${member} has no role on the key itself to decrypt with it`,
        `gcloud kms keys add-iam-policy-binding ${keyName} --member=${member} --role=roles/cloudkms.cryptoKeyDecrypter`,
      ),
    );
}

/** Returns how many tokens each key version encrypted. */
async function versionsInUse(firestore: Firestore): Promise<ReadonlyMap<string, number>> {
  const used = new Map<string, number>();
  for (const document of (await firestore.collection(TOKENS).select('keyVersion').get()).docs) {
    const version = String(document.get('keyVersion'));
    used.set(version, (used.get(version) ?? 0) + 1);
  }
  return used;
}

/** Checks the store of refresh tokens, and its key. */
export async function examineTokens(
  api: CloudApi,
  { config, firestore }: { readonly config: CommandConfig; readonly firestore: Firestore },
  deployment: Deployment,
): Promise<readonly Finding[]> {
  const { OAUTH_TOKEN_STORE: store, OAUTH_KMS_KEY: key } = tokenStoreOf(config, deployment.sync);
  const choice = judgeTokenStore(config, deployment);
  if (store !== 'firestore' || key === undefined) return [choice];
  const { cloudkms } = await import('googleapis/build/src/apis/cloudkms/index.js');
  const { cryptoKeys } = cloudkms('v1').projects.locations.keyRings;
  const versions = await api.list('cloudkms', versionsSchema, (options, pageToken) =>
    cryptoKeys.cryptoKeyVersions.list({ parent: key, ...(pageToken && { pageToken }) }, options),
  );
  const policy = await api.get('cloudkms', policySchema, (options) =>
    cryptoKeys.getIamPolicy({ resource: key }, options),
  );
  const accounts = [deployment.sync, deployment.renew].flatMap(
    (each) => each?.serviceConfig.serviceAccountEmail ?? [],
  );
  return [
    choice,
    ...(versions.state === 'unknown'
      ? [lookupFailure(KEY, versions)]
      : judgeKey(
          key,
          versions.state === 'found' ? versions.value.flatMap((page) => page.cryptoKeyVersions) : undefined,
          await versionsInUse(firestore),
        )),
    ...(policy.state === 'found' ? judgeDecrypters(key, policy.value, accounts) : []),
  ];
}
