const DAY_MS = 86_400_000;

/** An hour of a day, counted from Monday of this week, as an event's start or end. */
export function hour(daysFromMonday: number, hourOfDay: number): { dateTime: string; timeZone: string } {
  return {
    dateTime: `${dateOf(daysFromMonday)}T${String(hourOfDay).padStart(2, '0')}:00:00Z`,
    timeZone: 'UTC',
  };
}

/** A whole day, counted from Monday of this week, as an event's start or end. */
export function day(daysFromMonday: number): { date: string } {
  return { date: dateOf(daysFromMonday) };
}

function dateOf(daysFromMonday: number): string {
  const today = new Date();
  const sinceMonday = (today.getUTCDay() + 6) % 7;
  return new Date(today.getTime() + (daysFromMonday - sinceMonday) * DAY_MS).toISOString().slice(0, 10);
}
