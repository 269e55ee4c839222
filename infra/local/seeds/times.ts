const DAY_MS = 86_400_000;

/** Returns an event's start or end at an hour (UTC) of a day, counted from Monday of this week. */
export function hour(daysFromMonday: number, hourOfDay: number): { dateTime: string; timeZone: string } {
  return {
    dateTime: `${dateOf(daysFromMonday)}T${String(hourOfDay).padStart(2, '0')}:00:00Z`,
    timeZone: 'UTC',
  };
}

/** Returns the start or end of an all-day event, counted from Monday of this week. */
export function day(daysFromMonday: number): { date: string } {
  return { date: dateOf(daysFromMonday) };
}

function dateOf(daysFromMonday: number): string {
  const today = new Date();
  const sinceMonday = (today.getUTCDay() + 6) % 7;
  return new Date(today.getTime() + (daysFromMonday - sinceMonday) * DAY_MS).toISOString().slice(0, 10);
}
