import type { Chrono } from 'chrono-node';

/** Days that English names and the parser does not know, by their distance from today. */
const distances: Readonly<Record<string, number>> = { 'after tomorrow': 2, 'before yesterday': -2 };
const FROM_TODAY = /\bday\s+(after\s+tomorrow|before\s+yesterday)\b/i;

/** A day of the month, before the end, another word about time, or a place or guest: not "on the 3rd floor". */
const OF_MONTH =
  /\bon\s+the\s+(\d{1,2})(?:st|nd|rd|th)\b(?=\s*(?:$|[,;.]|\d|(?:at|from|with|in|for|until|noon)\b))/i;

/** Returns the parser of dates, with days that it does not know: "day after tomorrow", "on the 15th". */
export function withMoreDays(chrono: Chrono): Chrono {
  const more = chrono.clone();
  more.parsers.push(
    {
      pattern: () => FROM_TODAY,
      extract({ reference }, [, which = '']) {
        const date = reference.getDateWithAdjustedTimezone();
        date.setDate(date.getDate() + (distances[which.toLowerCase().replaceAll(/\s+/g, ' ')] ?? 0));
        return componentsOf(date);
      },
    },
    {
      pattern: () => OF_MONTH,
      extract({ reference }, [, day = '']) {
        const date = nextDay(reference.getDateWithAdjustedTimezone(), Number(day));
        return date ? componentsOf(date) : null;
      },
    },
  );
  return more;
}

const componentsOf = (date: Date) => ({
  year: date.getFullYear(),
  month: date.getMonth() + 1,
  day: date.getDate(),
});

/** Returns the first day of that number from a date on. Every number up to 31 is a day of one of two months in a row. */
function nextDay(from: Date, day: number): Date | undefined {
  return [0, 1, 2]
    .map((months) => new Date(from.getFullYear(), from.getMonth() + months, day, 12))
    .find((date) => date.getDate() === day && (date.getMonth() !== from.getMonth() || day >= from.getDate()));
}
