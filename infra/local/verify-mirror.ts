import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { MirroredItem } from './mirror.ts';
import type { WatchSpec } from './watches.ts';

type Item = Readonly<Record<string, unknown>>;
/** Not a `z.record`, because that drops the key `__proto__`. */
const Item = z.custom<Item>((value) => typeof value === 'object' && value !== null);

const Page = z.looseObject({ items: z.array(Item).default([]), nextPageToken: z.string().optional() });

/**
 * Lists all items of a watch from the Calendar API, with the parameters of sync.
 * @param token the access token; by default the user's name, as the emulator has it.
 * @throws Error if the API answers with an error.
 */
export async function listItems(calendarUrl: string, spec: WatchSpec, token = spec.user): Promise<Item[]> {
  const url = new URL(`${calendarUrl}/calendar/v3/${listPath(spec)}`);
  if (spec.resource === 'calendarList') url.searchParams.set('showHidden', 'true');
  if (spec.singleEvents) url.searchParams.set('singleEvents', 'true');
  for (const type of spec.eventTypes ?? []) url.searchParams.append('eventTypes', type);
  const items: Item[] = [];
  for (;;) {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${url.pathname} answers ${answer.status}: ${await answer.text()}`);
    const page = Page.parse(await answer.json());
    items.push(...page.items);
    if (page.nextPageToken === undefined) return items;
    url.searchParams.set('pageToken', page.nextPageToken);
  }
}

function listPath({ resource, calendarId }: WatchSpec): string {
  return calendarId === undefined
    ? `users/me/${resource}`
    : `calendars/${encodeURIComponent(calendarId)}/${resource}`;
}

/** Returns a sentence for each item that the mirror lacks, should not have, or has with other content. */
export function compareItems(listed: readonly Item[], mirrored: readonly MirroredItem[]): string[] {
  const rest = new Map(mirrored.map((item) => [item.itemId, item]));
  const differences: string[] = [];
  for (const item of listed) {
    const id = String(item['id']);
    const copy = rest.get(id);
    rest.delete(id);
    if (copy === undefined) differences.push(`item ${id} is not mirrored`);
    else {
      const fields = differingFields(item, copy);
      if (fields.length > 0) differences.push(`item ${id} differs in ${fields.join(', ')}`);
    }
  }
  for (const id of rest.keys()) differences.push(`item ${id} is mirrored, but not in the calendar`);
  return differences;
}

function differingFields(item: Item, { data, omitted }: MirroredItem): string[] {
  const names = new Set([...Object.keys(item), ...Object.keys(data)]);
  return [...names].filter((name) => !omitted.includes(name) && !isDeepStrictEqual(item[name], data[name]));
}
