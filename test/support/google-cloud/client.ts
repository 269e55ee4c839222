import * as z from 'zod';

import { resourceSchema, textIn, type Resource } from './resource.ts';

/** Calls the stand-in's APIs in tests. */

interface Reply {
  readonly status: number;
  readonly body: Resource;
}

export interface CloudClient {
  /** @param path below the root: `pubsub/v1/projects/…` */
  readonly call: (method: string, path: string, body?: object) => Promise<Reply>;
  /** Calls a method that must succeed, and waits for its operation; returns the resource. */
  readonly make: (method: string, path: string, body?: object) => Promise<Resource>;
  /** Polls an operation to its end: returns it with its response or error. */
  readonly finish: (service: string, operation: Resource) => Promise<Resource>;
}

const operationSchema = z.looseObject({ name: z.string(), done: z.boolean().default(false) });

export function cloudClient(url: string): CloudClient {
  async function call(method: string, path: string, body?: object): Promise<Reply> {
    const response = await fetch(`${url}/${path}`, {
      method,
      headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : resourceSchema.parse(JSON.parse(text)) };
  }

  async function finish(service: string, operation: Resource): Promise<Resource> {
    let current = operation;
    while (!operationSchema.parse(current).done) {
      current = (await call('GET', `${service}/v1/${operationSchema.parse(current).name}`)).body;
    }
    return current;
  }

  return {
    call,
    finish,
    make: async (method, path, body) => {
      const { status, body: made } = await call(method, path, body);
      if (status >= 300) throw new Error(`${method} ${path}: ${String(status)} ${JSON.stringify(made)}`);
      if (!textIn(made, 'name').includes('operations/')) return made;
      const { error, response } = await finish(path.slice(0, path.indexOf('/')), made);
      if (error !== undefined) throw new Error(`${method} ${path}: ${JSON.stringify(error)}`);
      return resourceSchema.parse(response);
    },
  };
}
