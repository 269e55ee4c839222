/** The days that a page shows side by side: a week from its Monday on, or on a narrow screen three days. */
import { computed, signal } from '@preact/signals';
import { daysFrom } from '../state/week.ts';
import { addDays, mondayOf } from '../state/zone.ts';

const narrow = matchMedia('(max-width: 720px)');
const few = signal(narrow.matches);
narrow.addEventListener('change', () => {
  few.value = narrow.matches;
});

interface DayOptions {
  /** The day that the address names; anything but a day is today. */
  readonly asked: () => string | undefined;
  readonly today: () => string;
  /** Puts another day into the address; an empty one for today. */
  readonly show: (day: string) => void;
}

type Turn = (direction: -1 | 0 | 1) => void;

/** Returns the days, and how to show others. */
export function createDays({ asked, today, show }: DayOptions) {
  const from = computed(() => {
    const day = asked() ?? '';
    return /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : today();
  });
  const count = computed(() => (few.value ? 3 : 7));
  const days = computed(() => daysFrom(few.value ? from.value : mondayOf(from.value), count.value));
  /** Shows the earlier or later days, or those of today. */
  const turn: Turn = (direction) => {
    const [first = today()] = days.value;
    show(direction === 0 ? '' : addDays(first, direction * count.value));
  };
  return { days, turn };
}

/** Returns the first and the last of some days in words. */
export function rangeOf(days: readonly string[], month: 'long' | 'short'): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month,
    year: 'numeric',
    timeZone: 'UTC',
  });
  return format.formatRange(midnightOf(days[0]), midnightOf(days.at(-1)));
}

const midnightOf = (day = ''): number => Date.parse(`${day}T00:00Z`);

/** Buttons that show other days. */
export function DayButtons({ turn }: { readonly turn: Turn }) {
  return (
    <>
      <button type="button" aria-label="Earlier" onClick={() => turn(-1)}>
        ‹
      </button>
      <button type="button" onClick={() => turn(0)}>
        Today
      </button>
      <button type="button" aria-label="Later" onClick={() => turn(1)}>
        ›
      </button>
    </>
  );
}
