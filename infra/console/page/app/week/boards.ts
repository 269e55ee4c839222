/** The two sides of a week as grids, with what differs marked on both. */
import { computed, signal } from '@preact/signals';
import { createBoard } from '../../../../emulator/page/app/week/board.ts';
import { spanOf } from '../../../../emulator/page/app/state/event.ts';
import type { CalendarEvent } from '../../../../emulator/page/app/state/event.ts';
import type { Shown } from '../../../../emulator/page/app/week/board.ts';
import { wordsOf, type Event, type EventDifference } from '../../../model/week.ts';
import { isHidden } from '../parts/masked.tsx';
import { answer, days, setWeek, tick, today, turn, zone } from './data.ts';

const differences = computed(
  (): ReadonlyMap<string, EventDifference> =>
    new Map((answer.value?.comparison?.differences ?? []).map((each) => [each.id, each])),
);

function shownOf(event: Event, calendarId: string): readonly Shown[] {
  // The fields that the grid reads are those of Google's events; it checks the times itself.
  const asEvent: CalendarEvent = event;
  const span = spanOf(asEvent);
  if (span === undefined) return [];
  const difference = differences.value.get(event.id);
  return [
    {
      key: event.id,
      calendar: { id: calendarId, accessRole: 'owner' },
      event: asEvent,
      span,
      ...(difference && { mark: { name: difference.kind, words: wordsOf(difference) } }),
    },
  ];
}

export const googleItems = computed((): readonly Shown[] => {
  const { value } = answer;
  return value?.google.ok === true
    ? value.google.events.flatMap((event) => shownOf(event, value.calendarId))
    : [];
});
const mirrorItems = computed((): readonly Shown[] => {
  const { value } = answer;
  return value?.mirror.flatMap(({ event }) => shownOf(event, value.calendarId)) ?? [];
});

const scrollTop = signal<number | undefined>(undefined);
const common = {
  days,
  zone,
  now: tick,
  today,
  turn,
  isHidden,
  onOpen: ({ key }: Shown) => setWeek({ event: key }),
  scrollTop,
};
export const googleBoard = createBoard({ ...common, name: 'google', items: googleItems });
export const mirrorBoard = createBoard({ ...common, name: 'mirror', items: mirrorItems });
