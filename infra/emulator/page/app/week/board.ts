/**
 * A grid of some days with events: what it shows, and what can be done in it. It knows no server, so that other pages can use it
 * with a source of their own.
 */
import { signal } from '@preact/signals';
import type { ReadonlySignal, Signal } from '@preact/signals';
import type { CalendarEntry, CalendarEvent, Response, Span } from '../state/event.ts';
import type { Drag } from '../state/drag.ts';
import type { EventBody } from '../state/form.ts';

/** An event in the grid. */
export interface Shown {
  readonly key: string;
  readonly calendar: CalendarEntry;
  readonly event: CalendarEvent;
  readonly span: Span;
  /** A class of its block, and what it means in words. */
  readonly mark?: { readonly name: string; readonly words: string };
}

/** What can be done to events. Each resolves to whether it was done. */
export interface EventActions {
  readonly create: (calendarId: string, body: EventBody) => Promise<boolean>;
  /** Changes fields of an event, and its time if `after` differs, of one occurrence or of its series. */
  readonly change: (item: Shown, fields: EventBody, after: Span) => Promise<boolean>;
  readonly cancel: (item: Shown) => Promise<boolean>;
  /** Answers an invitation as one of its guests. */
  readonly respond: (item: Shown, guest: string, response: Response) => Promise<boolean>;
  /** Loads the series that an occurrence belongs to. */
  readonly loadSeries: (item: Shown) => Promise<CalendarEvent>;
}

export interface BoardOptions {
  /** Begins the ids of its cells, so that several boards can be on one page. */
  readonly name: string;
  readonly days: ReadonlySignal<readonly string[]>;
  readonly zone: ReadonlySignal<string>;
  readonly items: ReadonlySignal<readonly Shown[]>;
  /** The time in ms, which ticks. */
  readonly now: ReadonlySignal<number>;
  readonly today: () => string;
  /** Shows earlier or later days, or with 0 those of today. */
  readonly turn: (direction: -1 | 0 | 1) => void;
  /** What a click on an event does. */
  readonly onOpen: (item: Shown) => void;
  /** Absent for a board that is only read. */
  readonly edit?: {
    readonly isEditable: (item: Shown) => boolean;
    /** Opens the form of a new event on a day; without minutes, for all day. */
    readonly openNew: (day: string, minutes?: Minutes, until?: string) => void;
    readonly actions: EventActions;
  };
  /** Whether titles are hidden. */
  readonly isHidden?: () => boolean;
  /** How far the grid is scrolled, in px, for boards that scroll together; undefined until one is shown. */
  readonly scrollTop?: Signal<number | undefined>;
}

/** A part of a day. */
export interface Minutes {
  readonly from: number;
  readonly to: number;
}

/** Slots of half an hour in a day. */
export const SLOTS = 48;
export const SLOT_MINUTES = 30;
/** With the row of all-day events. */
const CELLS_OF_DAY = SLOTS + 1;

/** A cell: half an hour of a day; -1 is the row of all-day events. */
export interface Cursor {
  readonly day: number;
  readonly slot: number;
}

/** What a pointer holds. */
export interface Held {
  readonly drag: Drag;
  readonly item?: Shown;
  readonly x: number;
  readonly y: number;
  readonly moved: boolean;
}

export type Board = ReturnType<typeof createBoard>;

/** Returns a board, with the cell that the keyboard is at, and what the pointer holds. */
export function createBoard(options: BoardOptions) {
  return {
    ...options,
    cursor: signal<Cursor>({ day: 0, slot: 18 }),
    held: signal<Held | undefined>(undefined),
  };
}

/** Returns the id of a cell's element. */
export const cellId = ({ name }: Board, { day, slot }: Cursor): string => `${name}-${day}-${slot}`;

/** Returns the number of a cell, by which cells are in the order of time. */
export const numberOf = ({ day, slot }: Cursor): number => day * CELLS_OF_DAY + slot + 1;

/** Returns the cell of a number. */
export const cellOf = (number: number): Cursor => ({
  day: Math.floor(number / CELLS_OF_DAY),
  slot: (number % CELLS_OF_DAY) - 1,
});

/** Returns whether an event can be changed here. */
export const isEditable = ({ edit }: Board, item: Shown): boolean => edit?.isEditable(item) === true;
