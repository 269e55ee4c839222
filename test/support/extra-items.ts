import type { Call, Route } from '../../infra/emulator/protocol/http.ts';

/** Adds items to a user's event lists that the Calendar emulator would reject. */
export function createExtras() {
  const extras = new Map<string, readonly unknown[]>();

  const withExtras = (route: Route): Route => {
    if (route.id !== 'calendar.events.list') return route;
    const handle = async (call: Call) => {
      const answer = await route.handle(call);
      const extra = extras.get(call.user);
      if (extra === undefined || typeof answer.body !== 'object' || answer.body === null) return answer;
      const items: unknown = 'items' in answer.body ? answer.body.items : [];
      return {
        ...answer,
        body: { ...answer.body, items: [...(Array.isArray(items) ? items : []), ...extra] },
      };
    };
    return { ...route, handle };
  };

  return {
    /** For the Calendar emulator's option `routes`. */
    routes: (routes: readonly Route[]): readonly Route[] => routes.map(withExtras),
    /** Sets the items that every list of a user's events ends with from now on. */
    set: (user: string, items: readonly unknown[]): void => void extras.set(user, items),
    delete: (user: string): void => void extras.delete(user),
  };
}

/** The time of events for which the time does not matter. */
export const AT = { start: { dateTime: '2030-01-01T10:00:00Z' }, end: { dateTime: '2030-01-01T11:00:00Z' } };

/** Returns an ordinary event with this id and these fields. */
export const extraEvent = (id: string, more: object = {}) => ({
  id,
  etag: '"1"',
  status: 'confirmed',
  ...AT,
  ...more,
});
