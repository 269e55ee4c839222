import { AMBIENT_TOKEN, apiError, reply, type Reply } from './reply.ts';

/**
 * Secret Manager, as far as calendar-mirror needs it. Data only; `server.ts` serves it.
 * @see https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions
 */

interface Version {
  state: 'ENABLED' | 'DISABLED' | 'DESTROYED';
  data: string;
  readonly createTime: string;
}

const PAGE = 2;
const PROJECT_NUMBER = '1';

const nameOf = (id: string, index: number): string =>
  `projects/${PROJECT_NUMBER}/secrets/${id}/versions/${String(index + 1)}`;

/** @param now Unix ms. */
export function createSecretManager(now: () => number) {
  const all = new Map<string, Version[]>();
  const versionsOf = (id: string): Version[] => {
    const versions = all.get(id) ?? [];
    all.set(id, versions);
    return versions;
  };
  const described = (id: string, { state, createTime }: Version, index: number) => ({
    name: nameOf(id, index),
    createTime,
    state,
  });
  const add = (id: string, data: string, state: Version['state'] = 'ENABLED'): number =>
    versionsOf(id).push({ state, data, createTime: new Date(now()).toISOString() });

  const state = {
    /** The latest versions, by id; null for one that is disabled or destroyed. */
    secrets: {
      get: (id: string): string | null | undefined => {
        const latest = all.get(id)?.at(-1);
        return latest === undefined ? undefined : latest.state === 'ENABLED' ? latest.data : null;
      },
      has: (id: string): boolean => all.has(id),
      /** Adds a version; null disables the latest one. */
      set: (id: string, data: string | null) => {
        const latest = all.get(id)?.at(-1);
        if (data !== null) add(id, data);
        else if (latest === undefined) add(id, '', 'DISABLED');
        else latest.state = 'DISABLED';
        return state.secrets;
      },
      delete: (id: string): boolean => all.delete(id),
      /** The states of all versions, from the first. */
      states: (id: string): readonly string[] => (all.get(id) ?? []).map((version) => version.state),
    },
    /** Secrets that the caller may not read. */
    deniedSecrets: new Set<string>(),
    /** Which other operations on secrets are allowed. */
    mayCreate: true,
    mayAdd: true,
    mayDestroy: true,
    mayList: true,
  };

  const DENIED = apiError(403, 'PERMISSION_DENIED');
  const NOT_FOUND = apiError(404, 'NOT_FOUND');

  function access(id: string, version: string): Reply {
    const versions = all.get(id) ?? [];
    const index = version === 'latest' ? versions.length - 1 : Number(version) - 1;
    const found = versions[index];
    if (found === undefined) return NOT_FOUND;
    if (state.deniedSecrets.has(id)) return DENIED;
    if (found.state !== 'ENABLED') return apiError(400, 'FAILED_PRECONDITION');
    const data = Buffer.from(found.data).toString('base64');
    return reply(200, { name: nameOf(id, index), payload: { data } });
  }

  function destroy(id: string, version: string): Reply {
    if (!state.mayDestroy) return DENIED;
    const index = Number(version) - 1;
    const found = all.get(id)?.[index];
    if (found === undefined) return NOT_FOUND;
    found.state = 'DESTROYED';
    found.data = '';
    return reply(200, described(id, found, index));
  }

  /** One page of two, so that callers have to ask for more. */
  function page(field: string, items: readonly object[], query: URLSearchParams): Reply {
    if (!state.mayList) return DENIED;
    const from = Number(query.get('pageToken') ?? 0);
    const rest = items.length > from + PAGE ? { nextPageToken: String(from + PAGE) } : {};
    const shown = items.slice(from, from + PAGE);
    return reply(200, { ...(shown.length > 0 ? { [field]: shown } : {}), ...rest, totalSize: items.length });
  }

  /** "name:x" matches a part of the name. https://cloud.google.com/secret-manager/docs/filtering */
  function list(query: URLSearchParams): Reply {
    const part = /^name:(\S+)$/.exec(query.get('filter') ?? '')?.[1] ?? '';
    const names = [...all.keys()].filter((id) => id.includes(part));
    return page(
      'secrets',
      names.map((id) => ({ name: `projects/${PROJECT_NUMBER}/secrets/${id}` })),
      query,
    );
  }

  /** `data`: the body's `payload.data`. */
  function post(path: string, query: URLSearchParams, data: string | undefined): Reply {
    const [, id = '', version] =
      /\/secrets\/([^/:]+)(?:\/versions\/(\w+):destroy|:addVersion)$/.exec(path) ?? [];
    if (version !== undefined) return destroy(id, version);
    if (id !== '') {
      if (!all.has(id)) return NOT_FOUND;
      if (!state.mayAdd) return DENIED;
      const number = add(id, Buffer.from(data ?? '', 'base64').toString());
      return reply(200, { name: nameOf(id, number - 1) });
    }
    const created = query.get('secretId') ?? '';
    if (!state.mayCreate) return DENIED;
    if (all.has(created)) return apiError(409, 'ALREADY_EXISTS');
    versionsOf(created);
    return reply(200, { name: `projects/${PROJECT_NUMBER}/secrets/${created}` });
  }

  function get(path: string, query: URLSearchParams): Reply {
    if (path.endsWith('/secrets')) return list(query);
    const [, id = '', version] = /\/secrets\/([^/]+)\/versions(?:\/(\w+):access)?$/.exec(path) ?? [];
    if (version !== undefined) return access(id, version);
    if (!all.has(id)) return NOT_FOUND;
    // Newest first.
    const versions = (all.get(id) ?? []).map((each, index) => described(id, each, index)).toReversed();
    return page('versions', versions, query);
  }

  return {
    state,
    /** Answers a request to `/v1/projects/…`. */
    reply: (
      method: string,
      { pathname, searchParams }: URL,
      bearer: string | undefined,
      data: string | undefined,
    ): Reply =>
      bearer !== AMBIENT_TOKEN
        ? apiError(401, 'UNAUTHENTICATED')
        : method === 'GET'
          ? get(pathname, searchParams)
          : post(pathname, searchParams, data),
  };
}
