import * as z from 'zod';

import { UnexpectedAnswer, type Api } from '../../local/demo/api.ts';
import type { Item } from '../../../functions/calendar/resources.ts';

/** Lists of the Calendar API as the trial reads them, page by page. */

const Page = z.looseObject({
  items: z.array(z.looseObject({ id: z.string() })).default([]),
  nextPageToken: z.string().optional(),
  nextSyncToken: z.string().optional(),
  timeZone: z.string().optional(),
});
type Page = z.infer<typeof Page>;

export interface Listed {
  readonly pages: readonly Page[];
  readonly items: readonly Item[];
  /** Of the last page; empty if it has none. */
  readonly syncToken: string;
}

/** Guards against page tokens that never end. */
const MOST_PAGES = 100;

/** Lists all pages of a collection. @throws {UnexpectedAnswer} */
export async function listAll(
  api: Api,
  collection: string,
  query: Readonly<Record<string, string>> = {},
): Promise<Listed> {
  const pages: Page[] = [];
  for (let token: string | undefined; pages.length < MOST_PAGES;) {
    const parameters = new URLSearchParams({
      ...query,
      ...(token === undefined ? {} : { pageToken: token }),
    });
    const path = `${collection}?${parameters.toString()}`;
    const answer = await api.call('GET', path);
    if (answer.status !== 200) throw new UnexpectedAnswer(`GET ${path}`, answer);
    const page = Page.parse(answer.body);
    pages.push(page);
    token = page.nextPageToken;
    if (token === undefined) break;
  }
  return {
    pages,
    items: pages.flatMap(({ items }) => items),
    syncToken: pages.at(-1)?.nextSyncToken ?? '',
  };
}

export type Follower = Awaited<ReturnType<typeof followList>>;

/** Follows a collection by its sync tokens, as sync does: each call of `changes` lists what changed since the previous one. */
export async function followList(api: Api, collection: string) {
  let { syncToken } = await listAll(api, collection);
  return {
    token: (): string => syncToken,
    changes: async (): Promise<readonly Item[]> => {
      const listed = await listAll(api, collection, { syncToken });
      ({ syncToken } = listed);
      return listed.items;
    },
  };
}
