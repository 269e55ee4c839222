/** What a test does for one change. Pure. */

/** A call of the API by a user, an event that is put as Google would return it, or nothing. */
export type Step =
  | {
      readonly do: 'call';
      readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
      /** Below `/calendar/v3`. */
      readonly path: string;
      readonly body?: object;
      readonly check?: Check;
    }
  | { readonly do: 'put'; readonly calendarId: string; readonly event: object; readonly check?: Check }
  /** Why the change is not reproduced. */
  | { readonly do: 'nothing'; readonly why: string };

/** What must be read afterwards: these fields at a path, an event that equals this one, or nothing that is there. */
export type Check =
  | { readonly is: 'event'; readonly path: string; readonly fields: object }
  | { readonly is: 'like'; readonly path: string; readonly fields: object }
  | { readonly is: 'absent'; readonly path: string };

/** Returns a path of the API from its segments. */
export const pathOf = (...segments: readonly string[]): string =>
  segments.map((segment) => `/${encodeURIComponent(segment)}`).join('');

/** Returns the step of a change that is not reproduced, with the reason. */
export const nothing = (why: string): Step => ({ do: 'nothing', why });
