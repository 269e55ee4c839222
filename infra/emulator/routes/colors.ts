import type { Route } from '../protocol/http.ts';
import { calendarColors, eventColors } from './palette.ts';

/** colors.get (https://developers.google.com/workspace/calendar/api/v3/reference/colors): the same for every user. */
export const colorRoutes = (): Route[] => [
  {
    id: 'calendar.colors.get',
    method: 'GET',
    path: '/colors',
    handle: () => ({
      status: 200,
      body: {
        kind: 'calendar#colors',
        updated: '2012-02-14T00:00:00.000Z',
        calendar: calendarColors,
        event: eventColors,
      },
    }),
  },
];
