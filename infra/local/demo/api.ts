import * as z from 'zod';

const Item = z.looseObject({ id: z.string() });
const Items = z.looseObject({ items: z.array(Item) });

export type Item = z.infer<typeof Item>;

/** The methods of the Calendar API that the demo calls as one of its users. */
export interface Api {
  insert(collection: string, body: object): Promise<Item>;
  patch(item: string, body: object): Promise<Item>;
  remove(item: string): Promise<void>;
  list(collection: string): Promise<Item[]>;
}

/**
 * Returns a client that calls the Calendar API as one user. Paths are relative to the API's root, such as `calendars/x/events`.
 * Each call throws an Error with Google's message if it is rejected.
 */
export function apiAs(calendarUrl: string, user: string): Api {
  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${calendarUrl}/calendar/v3/${path}`, {
      method,
      headers: { authorization: `Bearer ${user}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} as ${user}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
  return {
    insert: async (collection, body) => Item.parse(await call('POST', collection, body)),
    patch: async (item, body) => Item.parse(await call('PATCH', item, body)),
    remove: async (item) => {
      await call('DELETE', item);
    },
    list: async (collection) => Items.parse(await call('GET', collection)).items,
  };
}
