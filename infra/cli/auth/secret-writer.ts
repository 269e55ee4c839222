import * as z from 'zod';

import { authHeader, type Ambient } from '../../../functions/calendar/auth/adc.ts';
import { request, joinUrl, accessDenied, unavailable } from '../../../functions/calendar/auth/request.ts';

/** Writes to Secret Manager: adds versions, and creates missing secrets. */

export interface Stored {
  /** The version number: 1, 2, … */
  readonly version: string;
  readonly isNew: boolean;
}

const added = z.object({ name: z.string() });
const NEEDED_ROLE = { add: 'roles/secretmanager.secretVersionAdder', create: 'roles/secretmanager.admin' };

export const createSecretWriter = (
  options: { readonly rootUrl: string; readonly project: string },
  ambient: Ambient,
) => {
  const secrets = `v1/projects/${encodeURIComponent(options.project)}/secrets`;

  const post = async (path: string, content: object) =>
    request('secretManager', joinUrl(options.rootUrl, path), {
      method: 'POST',
      headers: { ...(await authHeader(ambient)), 'content-type': 'application/json' },
      body: JSON.stringify(content),
    });

  const rejection = (status: number, what: keyof typeof NEEDED_ROLE, id: string): Error =>
    status === 401 || status === 403
      ? accessDenied(
          'secretDenied',
          `needs ${NEEDED_ROLE[what]} ${what === 'add' ? `on the secret ${id}` : 'in the project'}`,
        )
      : status === 404
        ? accessDenied(
            'secretManagerOff',
            `the project ${options.project} does not exist, or Secret Manager is not enabled`,
          )
        : unavailable('secretManager');

  const add = async (id: string, text: string): Promise<string | undefined> => {
    const answer = await post(`${secrets}/${id}:addVersion`, {
      payload: { data: Buffer.from(text).toString('base64') },
    });
    const version = added.safeParse(answer.body);
    if (answer.status === 200 && version.success) return version.data.name.split('/').at(-1) ?? '';
    if (answer.status === 404) return undefined;
    throw rejection(answer.status, 'add', id);
  };

  return {
    /**
     * Stores a text as the latest version of a secret. A missing secret is created with automatic replication.
     * @throws {CredentialsError} that names the missing role and never contains the text.
     */
    store: async (id: string, text: string): Promise<Stored> => {
      const version = await add(id, text);
      if (version !== undefined) return { version, isNew: false };
      const answer = await post(`${secrets}?secretId=${id}`, { replication: { automatic: {} } });
      // 409: the secret was created concurrently.
      if (answer.status !== 200 && answer.status !== 409) throw rejection(answer.status, 'create', id);
      const first = await add(id, text);
      if (first === undefined) throw unavailable('secretManager');
      return { version: first, isNew: true };
    },
  };
};
