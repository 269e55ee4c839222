/** A calendar API of three people, without a server: Ada organizes, Bob and Cy are invited. */
import { createRandom } from '../../../infra/emulator/state/random.ts';
import { createStore } from '../../../infra/emulator/state/store.ts';
import { type Given, type Outcome, inProcess } from './in-process.ts';

export const ADA = 'ada@example.com';
export const BOB = 'bob@example.com';
export const CY = 'cy@example.com';
/** Ada's secondary calendar. */
export const TEAM = 'team@group.calendar.google.com';

export const nine = {
  start: { dateTime: '2030-01-07T09:00:00Z', timeZone: 'UTC' },
  end: { dateTime: '2030-01-07T10:00:00Z', timeZone: 'UTC' },
};

/** Returns the calls that these tests make. An event's calendar is the caller's own, if no other is named. */
export function people() {
  const store = createStore({
    clock: { now: () => Date.parse('2030-01-01T00:00:00Z') },
    random: createRandom(1),
  });
  for (const user of [ADA, BOB, CY]) store.signIn(user);
  store.addCalendar(ADA, { summary: 'Team', timeZone: 'UTC' }, { id: TEAM });
  const call = inProcess(store);
  type Where = Pick<Given, 'query'> & { readonly on?: string };
  const about =
    (method: string) =>
    async (
      user: string,
      eventId: string,
      body: object = {},
      { on = user, query = {} }: Where = {},
    ): Promise<Outcome> =>
      call(user, `events.${method}`, { params: { calendarId: on, eventId }, query, body });
  const get = about('get');
  return {
    call,
    insert: async (user: string, event: object, { on = user, query = {} }: Where = {}): Promise<Outcome> =>
      call(user, 'events.insert', { params: { calendarId: on }, query, body: { ...nine, ...event } }),
    patch: about('patch'),
    update: about('update'),
    read: async (user: string, eventId: string, on = user) => (await get(user, eventId, {}, { on })).body,
    share: async (role: string, user = BOB): Promise<void> => {
      await call(ADA, 'acl.insert', {
        params: { calendarId: TEAM },
        body: { role, scope: { type: 'user', value: user } },
      });
    },
  };
}
