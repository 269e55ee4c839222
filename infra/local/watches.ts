import * as z from 'zod';
import { RESOURCES } from '../../functions/calendar/resources.ts';

/** The fields of a watch spec that select what is mirrored. */
export const WatchSpec = z.looseObject({
  user: z.string(),
  resource: z.enum(RESOURCES),
  calendarId: z.string().optional(),
  eventTypes: z.array(z.string()).optional(),
  singleEvents: z.boolean().optional(),
});
export type WatchSpec = z.infer<typeof WatchSpec>;

const CalendarList = z.object({ items: z.array(z.object({ id: z.string(), accessRole: z.string() })) });

/** Returns the specs of all watches that a user can have: of the calendar list, the settings, and each calendar on the list. */
export async function watchesOf(calendarUrl: string, user: string): Promise<WatchSpec[]> {
  const answer = await fetch(
    `${calendarUrl}/calendar/v3/users/me/calendarList?showHidden=true&maxResults=250`,
    {
      headers: { authorization: `Bearer ${user}` },
    },
  );
  if (!answer.ok)
    throw new Error(`cannot list the calendars of ${user}: ${answer.status} ${await answer.text()}`);
  const { items } = CalendarList.parse(await answer.json());
  return [
    { user, resource: 'calendarList' },
    { user, resource: 'settings' },
    ...items.flatMap(({ id, accessRole }): WatchSpec[] => [
      { user, resource: 'events', calendarId: id },
      // Only owners can list ACL rules. https://developers.google.com/workspace/calendar/api/v3/reference/acl
      ...(accessRole === 'owner' ? [{ user, resource: 'acl' as const, calendarId: id }] : []),
    ]),
  ];
}
