import type { Answer, Call, Route } from '../protocol/http.ts';
import { notFound } from '../protocol/api-errors.ts';
import { contentTag } from '../state/etag.ts';
import { pagesOfItems } from '../state/pages.ts';
import { answerList } from '../state/traversal.ts';
import type { Store } from '../state/store.ts';

/**
 * settings.list and settings.get (https://developers.google.com/workspace/calendar/api/v3/reference/settings). The API cannot
 * change settings; `store.setSetting` can.
 */
export const settingRoutes = (store: Store): Route[] => [
  {
    id: 'calendar.settings.list',
    method: 'GET',
    path: '/users/me/settings',
    handle: (call) => list(store, call),
  },
  {
    id: 'calendar.settings.get',
    method: 'GET',
    path: '/users/me/settings/:setting',
    handle(call) {
      const entry = store.signIn(call.user).settings.get(call.params['setting'] ?? '');
      if (!entry) throw notFound();
      const body = show(entry.id, entry.value);
      return { status: 200, etag: body.etag, body };
    },
  },
];

function list(store: Store, call: Call): Answer {
  const { settings } = store.signIn(call.user);
  return answerList(store, call, {
    collection: { resource: 'settings', user: call.user },
    revision: settings.revision(),
    pageSize: { fallback: 100, max: 250 },
    envelope: { kind: 'calendar#settings' },
    items: (since) =>
      pagesOfItems(settings.changedSince(since?.revision ?? 0).map(({ id, value }) => show(id, value))),
  });
}

function show(id: string, value: string) {
  const content = { kind: 'calendar#setting', id, value };
  return { ...content, etag: contentTag(content) };
}
