/**
 * A stand-in for Google Cloud's control planes on one port of 127.0.0.1: the APIs that `infra/terraform` calls, with resources kept in
 * memory. Each API is below its name (`/pubsub/v1/…`), as `CLOUD_API_ROOT_URL` of the command line, `api_endpoint_overrides` of gcloud and
 * the custom endpoints of Terraform's provider can name it.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

import { listen } from '../../../infra/emulator/wire/wire.ts';
import type { Cloud, Project } from './cloud.ts';
import { CloudError, serviceDisabled } from './errors.ts';
import { createOperations } from './operations.ts';
import { createPolicies } from './policies.ts';
import { noRefusals, type Refusals } from './refusals.ts';
import { parse, resourceSchema, withoutNulls } from './resource.ts';
import { createRouter, Raw, type CloudRequest } from './routes.ts';
import { SERVICES } from './services/index.ts';
import { isUsable } from './services/service-usage.ts';
import { createStore } from './store.ts';

export interface GoogleCloud {
  readonly url: string;
  readonly project: Project;
  /** The switches. */
  readonly refusals: Refusals;
  readonly cloud: Cloud;
  /** Requests with their status, in order: `POST /pubsub/v1/… 409`. */
  readonly requests: string[];
  readonly close: () => Promise<void>;
}

export interface GoogleCloudOptions {
  readonly project?: Project;
  readonly now?: () => number;
  /** How many polls see a long-running operation running. */
  readonly polls?: number;
  /** After how many ms an operation ends without polls. */
  readonly operationMs?: number;
}

const PROJECT: Project = { id: 'demo-project', number: '123456789012' };

/** Uploads and downloads of Cloud Storage have roots of their own. https://cloud.google.com/storage/docs/request-endpoints */
const splitPath = (pathname: string, { store }: Cloud): readonly [service: string, path: string] => {
  if (/^\/(upload|download)\/storage\//.test(pathname)) return ['storage', pathname.slice(1)];
  const end = pathname.indexOf('/', 1);
  const first = pathname.slice(1, end);
  const rest = pathname.slice(end + 1);
  // Reads with Cloud Storage's XML API, as Terraform's backend does them: /BUCKET/OBJECT at the root.
  if (store.find(`storage/b/${first}`) !== undefined)
    return ['storage', `xml/${first}/${encodeURIComponent(decodeURIComponent(rest))}`];
  return [first, rest];
};

export async function startGoogleCloud(options: GoogleCloudOptions = {}): Promise<GoogleCloud> {
  const { project = PROJECT, now = Date.now, polls = 2, operationMs = 2000 } = options;
  let last = 0;
  const serial = (): number => (last += 1);
  const cloud: Cloud = {
    project,
    now,
    serial,
    timestamp: () => new Date(now()).toISOString(),
    store: createStore(now),
    policies: createPolicies(now, serial),
    operations: createOperations(now, polls, operationMs),
    refusals: noRefusals(),
  };
  const routers = new Map(Object.entries(SERVICES).map(([name, routes]) => [name, createRouter(routes)]));
  const requests: string[] = [];
  let url = '';

  async function read(request: IncomingMessage): Promise<{ service: string; call: CloudRequest }> {
    // As a proxy the stand-in gets absolute URLs, with hosts that are not valid in a URL (see gcloud.ts).
    const target = new URL((request.url ?? '/').replace(/^http:\/\/[^/]+/, ''), url);
    const [service, rest] = splitPath(target.pathname, cloud);
    const bytes = await buffer(request);
    const contentType = request.headers['content-type'] ?? '';
    const isJson =
      bytes.length > 0 && contentType.startsWith('application/json') && !rest.startsWith('upload/');
    return {
      service,
      call: {
        method: request.method ?? 'GET',
        // "projects/-" stands for the project of what follows. https://google.aip.dev/159
        path: rest.replace(new RegExp(`(?<=(?:^|/)projects/)(?:${project.number}|-)(?=[/:]|$)`), project.id),
        query: target.searchParams,
        contentType,
        bytes,
        body: isJson ? withoutNulls(parse(resourceSchema, JSON.parse(bytes.toString()))) : {},
        url,
      },
    };
  }

  function answer(service: string, call: CloudRequest, authorization: string | undefined) {
    const isSigned = call.query.has('X-Goog-Signature');
    if (!isSigned && authorization?.startsWith('Bearer ') !== true) {
      throw new CloudError('UNAUTHENTICATED', 'Request is missing required authentication credential.');
    }
    cloud.operations.settle();
    if (!isUsable(cloud, service)) throw serviceDisabled(`${service}.googleapis.com`, project.number);
    const [, asked] = /(?:^|\/)projects\/([^/:]+)/.exec(call.path) ?? [];
    if (asked !== undefined && asked !== project.id) {
      throw new CloudError('PERMISSION_DENIED', `Permission denied on resource project ${asked}.`);
    }
    const found = routers.get(service)?.(call.method, call.path);
    if (found !== undefined) return found.route.handle({ ...call, cloud, ids: found.ids });
    const [, operation] = /^v\w+\/((?:.*\/)?operations\/[^/:]+)$/.exec(decodeURIComponent(call.path)) ?? [];
    if (operation !== undefined && call.method === 'GET') return cloud.operations.poll(service, operation);
    throw new CloudError('UNIMPLEMENTED', `The stand-in has no ${call.method} /${service}/${call.path}`);
  }

  async function respond(request: IncomingMessage): Promise<{ status: number; body: object }> {
    try {
      const { service, call } = await read(request);
      const body = answer(service, call, request.headers.authorization);
      return { status: body === undefined ? 204 : 200, body: body ?? {} };
    } catch (error) {
      if (error instanceof CloudError) return { status: error.http, body: error.body() };
      return { status: 500, body: { error: { code: 500, message: String(error), status: 'INTERNAL' } } };
    }
  }

  const server = createServer((request, response) => {
    void respond(request).then(({ status, body }) => {
      requests.push(`${request.method ?? ''} ${request.url ?? ''} ${String(status)}`);
      response.statusCode = status;
      if (body instanceof Raw)
        return response.setHeaders(new Map(Object.entries(body.headers))).end(body.bytes);
      return response
        .setHeader('content-type', 'application/json; charset=UTF-8')
        .end(status === 204 ? undefined : JSON.stringify(body));
    });
  });
  url = await listen(server, 0);
  return {
    url,
    project,
    refusals: cloud.refusals,
    cloud,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
