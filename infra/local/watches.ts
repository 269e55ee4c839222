import * as z from 'zod';
import { RESOURCES } from '../../functions/calendar/resources.ts';

/** The part of a watch's wish that says what is mirrored. */
export const WatchSpec = z.looseObject({
  user: z.string(),
  resource: z.enum(RESOURCES),
  calendarId: z.string().optional(),
  eventTypes: z.array(z.string()).optional(),
  singleEvents: z.boolean().optional(),
});
export type WatchSpec = z.infer<typeof WatchSpec>;

const CalendarList = z.object({ items: z.array(z.object({ id: z.string(), accessRole: z.string() })) });

/** Every watch that a user can have: of each calendar on their list, and of the list and the settings themselves. */
export async function watchesOf(calendarUrl: string, user: string): Promise<WatchSpec[]> {
  const answer = await fetch(
    `${calendarUrl}/calendar/v3/users/me/calendarList?showHidden=true&maxResults=250`,
    {
      headers: { authorization: `Bearer ${user}` },
    },
  );
  if (!answer.ok)
    throw new Error(`the calendars of ${user} cannot be listed: ${answer.status} ${await answer.text()}`);
  const { items } = CalendarList.parse(await answer.json());
  return [
    { user, resource: 'calendarList' },
    { user, resource: 'settings' },
    ...items.flatMap(({ id, accessRole }): WatchSpec[] => [
      { user, resource: 'events', calendarId: id },
      // Google lets only owners read who else has access.
      ...(accessRole === 'owner' ? [{ user, resource: 'acl' as const, calendarId: id }] : []),
    ]),
  ];
}
