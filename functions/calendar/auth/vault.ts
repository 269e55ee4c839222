import * as z from 'zod';

import { asMyself, type Ambient } from './ambient.ts';
import { ask, below, refusal, unavailable } from './ask.ts';

/** Secret Manager, to write: new versions of secrets, and the secrets themselves where they are missing. */

export interface Stored {
  /** As Google counts: 1, 2, … */
  readonly version: string;
  readonly isNew: boolean;
}

const added = z.object({ name: z.string() });
const NOT_DONE = { add: 'roles/secretmanager.secretVersionAdder', create: 'roles/secretmanager.admin' };

export const createVault = (
  options: { readonly rootUrl: string; readonly project: string },
  ambient: Ambient,
) => {
  const secrets = `v1/projects/${encodeURIComponent(options.project)}/secrets`;

  const post = async (path: string, content: object) =>
    ask('secretManager', below(options.rootUrl, path), {
      method: 'POST',
      headers: { ...(await asMyself(ambient)), 'content-type': 'application/json' },
      body: JSON.stringify(content),
    });

  const refuse = (status: number, what: keyof typeof NOT_DONE, id: string): Error =>
    status === 401 || status === 403
      ? refusal(
          'secretDenied',
          `needs ${NOT_DONE[what]} ${what === 'add' ? `on the secret ${id}` : 'in the project'}`,
        )
      : status === 404
        ? refusal(
            'secretManagerOff',
            `there is no project ${options.project}, or Secret Manager is not enabled`,
          )
        : unavailable('secretManager');

  const add = async (id: string, text: string): Promise<string | undefined> => {
    const answer = await post(`${secrets}/${id}:addVersion`, {
      payload: { data: Buffer.from(text).toString('base64') },
    });
    const version = added.safeParse(answer.body);
    if (answer.status === 200 && version.success) return version.data.name.split('/').at(-1) ?? '';
    if (answer.status === 404) return undefined;
    throw refuse(answer.status, 'add', id);
  };

  return {
    /**
     * Stores a text as the latest version of a secret, replicated wherever Google likes where it has to be made.
     * @throws {CredentialsError} that says what is to be granted, and holds nothing of the text.
     */
    store: async (id: string, text: string): Promise<Stored> => {
      const version = await add(id, text);
      if (version !== undefined) return { version, isNew: false };
      const answer = await post(`${secrets}?secretId=${id}`, { replication: { automatic: {} } });
      // 409: somebody else was a moment faster.
      if (answer.status !== 200 && answer.status !== 409) throw refuse(answer.status, 'create', id);
      const first = await add(id, text);
      if (first === undefined) throw unavailable('secretManager');
      return { version: first, isNew: true };
    },
  };
};
