import type { Call, Route } from '../../infra/local/calendar/http.ts';

/** Items that a user's event lists have beside the Calendar emulator's own, which would refuse them. */
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
    /** For the Calendar emulator's option of that name. */
    routes: (routes: readonly Route[]): readonly Route[] => routes.map(withExtras),
    /** What every list of a user's events ends with from now on. */
    set: (user: string, items: readonly unknown[]): void => void extras.set(user, items),
    delete: (user: string): void => void extras.delete(user),
  };
}

/** When events take place whose time does not matter. */
export const AT = { start: { dateTime: '2030-01-01T10:00:00Z' }, end: { dateTime: '2030-01-01T11:00:00Z' } };

/** An event like any other, but for its id and what is given. */
export const extraEvent = (id: string, more: object = {}) => ({
  id,
  etag: '"1"',
  status: 'confirmed',
  ...AT,
  ...more,
});
