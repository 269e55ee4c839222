import type { Route } from '../protocol/http.ts';
import type { Store } from '../state/store.ts';
import { aclRoutes } from './acl.ts';
import { calendarListRoutes } from './calendar-list.ts';
import { calendarRoutes } from './calendars.ts';
import { colorRoutes } from './colors.ts';
import { eventReadRoutes } from './events-read.ts';
import { eventWriteRoutes } from './events-write.ts';
import { freeBusyRoutes } from './freebusy.ts';
import { settingRoutes } from './settings.ts';
import { transferRoute } from './transfer.ts';

/** Returns the routes of every method of the API, except the watch methods and `channels.stop`. */
export const resourceRoutes = (store: Store): Route[] => [
  ...aclRoutes(store),
  ...calendarListRoutes(store),
  ...calendarRoutes(store),
  ...colorRoutes(),
  ...eventReadRoutes(store),
  ...eventWriteRoutes(store),
  ...freeBusyRoutes(store),
  ...settingRoutes(store),
  transferRoute(store),
];
