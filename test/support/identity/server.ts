import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

import * as z from 'zod';

import type { Ambient } from '../../../functions/calendar/auth/adc.ts';
import { listen } from '../../../infra/emulator/wire/wire.ts';
import { AMBIENT_TOKEN, type Reply } from './reply.ts';
import { createIdentity, SERVICE_ACCOUNT } from './rules.ts';

/**
 * Serves Google's token endpoint, IAM Credentials, Secret Manager, Cloud KMS and metadata server on one port of 127.0.0.1, and checks access tokens in
 * front of a Calendar API as Google does.
 */

export type Service = 'token' | 'iam' | 'secrets' | 'kms' | 'api';

export interface Request {
  readonly service: Service;
  readonly method: string;
  readonly path: string;
  readonly bearer: string | undefined;
  readonly body: string;
}

/** What a disturbed service does instead of its work: another response, or none. */
export type Disturbance = Reply | 'hangUp';

const versionRequest = z.strictObject({
  payload: z.strictObject({ data: z.base64() }).optional(),
  replication: z.strictObject({ automatic: z.strictObject({}) }).optional(),
});
const signRequest = z.strictObject({ payload: z.string() });
const impersonateRequest = z.strictObject({ scope: z.array(z.string()).min(1) });

const UNAUTHORIZED: Reply = {
  status: 401,
  body: {
    error: {
      code: 401,
      message: 'Invalid Credentials',
      errors: [{ domain: 'global', reason: 'authError', message: 'Invalid Credentials' }],
    },
  },
};

/** @param calendarUrl The root of a Calendar emulator. Calls with a valid token are forwarded to it in their user's name. */
export async function startIdentity(calendarUrl?: string) {
  let url = '';
  const identity = createIdentity(() => `${url}/token`);
  const requests: Request[] = [];
  const disturbances = new Map<Service, Disturbance>();

  const api = async (request: Request): Promise<Reply> => {
    const holder = identity.holder(request.bearer ?? '');
    if (holder === undefined) return UNAUTHORIZED;
    if (calendarUrl === undefined)
      return { status: 200, body: { items: [], nextSyncToken: 'next', resourceId: 'resource-1' } };
    const { method, body } = request;
    const headers = { authorization: `Bearer ${holder.user}`, 'content-type': 'application/json' };
    const passed = await fetch(`${calendarUrl}${request.path}`, {
      method,
      headers,
      ...(body === '' ? {} : { body }),
    });
    return { status: passed.status, body: await passed.text() };
  };

  const replyTo = (request: Request): Reply | Promise<Reply> => {
    const { service, path, bearer, body } = request;
    switch (service) {
      case 'token':
        return identity.token(new URLSearchParams(body));
      case 'iam': {
        const [, name = '', method = ''] = /serviceAccounts\/(.+):(\w+)$/.exec(path) ?? [];
        const [email, given] = [decodeURIComponent(name), JSON.parse(body)];
        return method === 'generateAccessToken'
          ? identity.generateAccessToken(email, bearer, impersonateRequest.parse(given))
          : identity.signJwt(email, bearer, signRequest.parse(given));
      }
      case 'secrets': {
        const data = body === '' ? undefined : versionRequest.parse(JSON.parse(body)).payload?.data;
        return identity.secrets(request.method, new URL(path, url), bearer, data);
      }
      case 'kms':
        return identity.kms.reply(path, bearer, JSON.parse(body));
      case 'api':
        return api(request);
    }
  };

  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url: path = '/' } = incoming;
    if (path.startsWith('/computeMetadata/')) return metadata(path, response);
    if (path.startsWith('/authorize?')) {
      const location = identity.page.consent(new URL(path, url).searchParams);
      response.writeHead(location === undefined ? 400 : 302, location === undefined ? {} : { location });
      response.end();
      return;
    }
    const service = path === '/token' ? 'token' : (/^\/(iam|secrets|kms)\//.exec(path)?.[1] ?? 'api');
    const bearer = /^Bearer (\S+)$/.exec(incoming.headers.authorization ?? '')?.[1];
    const request: Request = {
      service: z.enum(['token', 'iam', 'secrets', 'kms', 'api']).parse(service),
      method,
      path,
      bearer,
      body: await text(incoming),
    };
    requests.push(request);
    const disturbance = disturbances.get(request.service);
    if (disturbance === 'hangUp') {
      response.destroy();
      return;
    }
    const { status, body } = disturbance ?? (await replyTo(request));
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => response.destroy());
  });
  url = await listen(server, 0);
  /** The function's own identity, without a search for it. */
  const ambient: Ambient = { token: async () => AMBIENT_TOKEN, email: async () => SERVICE_ACCOUNT };

  return {
    ...identity,
    url,
    requests,
    disturbances,
    of: (service: Service) => requests.filter((request) => request.service === service),
    /** The environment that points the functions here. */
    environment: {
      OAUTH_AUTHORIZE_URL: `${url}/authorize`,
      OAUTH_TOKEN_URL: `${url}/token`,
      IAM_CREDENTIALS_ROOT_URL: `${url}/iam/`,
      SECRET_MANAGER_ROOT_URL: `${url}/secrets`,
      KMS_ROOT_URL: `${url}/kms`,
    },
    ambient,
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type IdentityServer = Awaited<ReturnType<typeof startIdentity>>;

/** Returns what an instance in Google Cloud learns about itself. */
function metadata(path: string, response: ServerResponse): void {
  const answers: Readonly<Record<string, string>> = {
    email: SERVICE_ACCOUNT,
    token: JSON.stringify({ access_token: AMBIENT_TOKEN, expires_in: 3600, token_type: 'Bearer' }),
  };
  const found = answers[/service-accounts\/default\/(\w+)/.exec(path)?.[1] ?? ''];
  response.writeHead(found === undefined && path !== '/computeMetadata/v1/instance' ? 404 : 200, {
    'metadata-flavor': 'Google',
    'content-type': found?.startsWith('{') === true ? 'application/json' : 'application/text',
  });
  response.end(found ?? '');
}
