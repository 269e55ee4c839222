/** Events as Google returns them, to be edited. */

type Fields = Readonly<Record<string, unknown>>;

export const at = (
  day: number,
  time: string,
  offset = '+01:00',
  more: object = { timeZone: 'Europe/Zurich' },
) => ({
  dateTime: `2030-01-${String(day).padStart(2, '0')}T${time}:00${offset}`,
  ...more,
});
export const day = (date: number) => ({ date: `2030-01-${String(date).padStart(2, '0')}` });
export const guest = (email: string, responseStatus = 'needsAction', more: object = {}) => ({
  email,
  responseStatus,
  ...more,
});
export const ADA = guest('ada@example.com', 'accepted', { organizer: true, self: true });
export const BO = guest('bo@example.com');
export const ROOM = guest('c_1880@resource.calendar.google.com', 'accepted', { resource: true });

/** An event as Google returns it. */
export const REVIEW: Fields = {
  kind: 'calendar#event',
  etag: '"3400000000000000"',
  id: 'review',
  status: 'confirmed',
  htmlLink: 'https://www.google.com/calendar/event?eid=cmV2aWV3',
  created: '2029-12-01T09:00:00.000Z',
  updated: '2029-12-01T09:00:00.000Z',
  summary: 'Review',
  creator: { email: 'ada@example.com', self: true },
  organizer: { email: 'ada@example.com', self: true },
  start: at(7, '10:00'),
  end: at(7, '11:00'),
  iCalUID: 'review@google.com',
  sequence: 0,
  attendees: [ADA, BO, ROOM],
  reminders: { useDefault: true },
  eventType: 'default',
};
export const ALL_DAY: Fields = { ...REVIEW, start: day(7), end: day(8) };
export const WEEKLY: Fields = { ...REVIEW, recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO'] };

/** What every edit changes. */
export const EDITED = { etag: '"3400000000000002"', updated: '2029-12-02T09:00:00.000Z', sequence: 1 };
/** Returns an item without one of its fields. */
export const without = (name: string, item: Fields): Fields =>
  Object.fromEntries(Object.entries(item).filter(([each]) => each !== name));

/** An occurrence of {@link WEEKLY}. */
export const OCCURRENCE: Fields = {
  ...without('recurrence', WEEKLY),
  id: 'review_20300114T090000Z',
  recurringEventId: 'review',
  start: at(14, '10:00'),
  end: at(14, '11:00'),
  originalStartTime: at(14, '10:00'),
};
