import * as z from 'zod';

import { requestAs, type Ambient } from '../../../functions/calendar/auth/adc.ts';
import { joinUrl, accessDenied, unavailable } from '../../../functions/calendar/auth/request.ts';

/**
 * Secret Manager: adds, lists and destroys versions, and creates missing secrets.
 * @see https://cloud.google.com/secret-manager/docs/reference/rest
 */

/** A version of a secret that is billed: enabled or disabled. */
export interface SecretVersion {
  /** 1, 2, … */
  readonly number: number;
  readonly isEnabled: boolean;
  /** Unix ms. */
  readonly createdAt: number;
}

export interface Stored {
  readonly version: number;
  /** Whether the secret was created. */
  readonly isNew: boolean;
}

const ROLES = {
  add: 'roles/secretmanager.secretVersionAdder',
  create: 'roles/secretmanager.admin',
  list: 'roles/secretmanager.viewer',
  access: 'roles/secretmanager.secretAccessor',
  destroy: 'roles/secretmanager.secretVersionManager',
} as const;

const added = z.object({ name: z.string() });
const accessed = z.object({ payload: z.object({ data: z.base64() }) });
const versionsPage = z.object({
  versions: z.array(z.object({ name: z.string(), state: z.string(), createTime: z.string() })).default([]),
  nextPageToken: z.string().default(''),
});
const secretsPage = z.object({
  secrets: z.array(z.object({ name: z.string() })).default([]),
  nextPageToken: z.string().default(''),
});

const lastOf = (name: string): string => name.split('/').at(-1) ?? '';

export function createSecretManager(
  config: { readonly SECRET_MANAGER_ROOT_URL: string; readonly GOOGLE_CLOUD_PROJECT: string },
  ambient: Ambient,
) {
  const secrets = `v1/projects/${encodeURIComponent(config.GOOGLE_CLOUD_PROJECT)}/secrets`;

  const call = (path: string, content?: object) =>
    requestAs(ambient, 'secretManager', joinUrl(config.SECRET_MANAGER_ROOT_URL, path), content);

  const rejection = (status: number, what: keyof typeof ROLES, id: string): Error =>
    status === 401 || status === 403
      ? accessDenied(
          'secretDenied',
          `needs ${ROLES[what]} ${id === '' ? 'in the project' : `on the secret ${id}`}`,
        )
      : status === 404
        ? accessDenied(
            'secretManagerOff',
            `the project ${config.GOOGLE_CLOUD_PROJECT} does not exist, or Secret Manager is not enabled`,
          )
        : unavailable('secretManager');

  const add = async (id: string, text: string): Promise<number | undefined> => {
    const answer = await call(`${secrets}/${id}:addVersion`, {
      payload: { data: Buffer.from(text).toString('base64') },
    });
    const version = added.safeParse(answer.body);
    if (answer.status === 200 && version.success) return Number(lastOf(version.data.name));
    if (answer.status === 404) return undefined;
    throw rejection(answer.status, 'add', id);
  };

  /** Returns the versions that are not destroyed, the newest first; none if the secret does not exist. */
  const versions = async (id: string): Promise<readonly SecretVersion[]> => {
    const found: SecretVersion[] = [];
    let pageToken = '';
    do {
      const answer = await call(`${secrets}/${id}/versions?pageSize=100&pageToken=${pageToken}`);
      if (answer.status === 404) return [];
      const page = versionsPage.safeParse(answer.body);
      if (answer.status !== 200 || !page.success) throw rejection(answer.status, 'list', id);
      for (const { name, state, createTime } of page.data.versions) {
        if (state === 'DESTROYED') continue;
        const [number, createdAt] = [Number(lastOf(name)), Date.parse(createTime)];
        found.push({ number, isEnabled: state === 'ENABLED', createdAt });
      }
      pageToken = page.data.nextPageToken;
    } while (pageToken !== '');
    return found.toSorted((a, b) => b.number - a.number);
  };

  return {
    versions,

    /** Returns the ids of the secrets that begin with `prefix`. @throws {CredentialsError} that names the missing role */
    ids: async (prefix: string): Promise<readonly string[]> => {
      const found: string[] = [];
      let pageToken = '';
      do {
        const answer = await call(`${secrets}?filter=name:${prefix}&pageSize=1000&pageToken=${pageToken}`);
        const page = secretsPage.safeParse(answer.body);
        if (answer.status !== 200 || !page.success) throw rejection(answer.status, 'list', '');
        found.push(...page.data.secrets.map(({ name }) => lastOf(name)));
        pageToken = page.data.nextPageToken;
      } while (pageToken !== '');
      // The filter matches any part of a name.
      return found.filter((id) => id.startsWith(prefix));
    },

    /** Returns the text of a version. @throws {CredentialsError} that names the missing role */
    access: async (id: string, version: number): Promise<string> => {
      const answer = await call(`${secrets}/${id}/versions/${String(version)}:access`);
      const secret = accessed.safeParse(answer.body);
      if (answer.status !== 200 || !secret.success) throw rejection(answer.status, 'access', id);
      return Buffer.from(secret.data.payload.data, 'base64').toString().trim();
    },

    /**
     * Stores a text as the latest version of a secret. A missing secret is created with automatic replication.
     * @throws {CredentialsError} that names the missing role and never contains the text.
     */
    store: async (id: string, text: string): Promise<Stored> => {
      const version = await add(id, text);
      if (version !== undefined) return { version, isNew: false };
      const answer = await call(`${secrets}?secretId=${id}`, { replication: { automatic: {} } });
      // 409: the secret was created concurrently.
      if (answer.status !== 200 && answer.status !== 409) throw rejection(answer.status, 'create', '');
      const first = await add(id, text);
      if (first === undefined) throw unavailable('secretManager');
      return { version: first, isNew: true };
    },

    /**
     * Destroys the versions of a secret up to a number: each costs $0.06 a month. A version that is added meanwhile has a higher one.
     * @returns the numbers of those that it destroyed
     * @throws {CredentialsError} that names the missing role
     */
    destroyUpTo: async (id: string, last: number): Promise<readonly number[]> => {
      const old = (await versions(id)).filter(({ number }) => number <= last);
      for (const { number } of old) {
        const answer = await call(`${secrets}/${id}/versions/${String(number)}:destroy`, {});
        if (answer.status !== 200) throw rejection(answer.status, 'destroy', id);
      }
      return old.map(({ number }) => number);
    },
  };
}
