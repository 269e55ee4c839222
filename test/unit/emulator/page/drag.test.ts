import { expect, test } from 'vitest';
import { dragged, drawn, pointAt, shift, stretch } from '../../../../infra/emulator/page/app/state/drag.ts';
import { seriesTimes, timesOf } from '../../../../infra/emulator/page/app/state/series.ts';
import type { Span } from '../../../../infra/emulator/page/app/state/event.ts';

const ZONE = 'Europe/London';
const span = (start: string, end: string): Span => ({
  allDay: false,
  start: Date.parse(start),
  end: Date.parse(end),
});

test('a pointer is on the day and the minute below it, and never outside the grid', () => {
  const area = { left: 100, top: 50, width: 700, height: 1440 };
  expect(pointAt(area, 250, 50 + 600, 7)).toEqual({ day: 1, minute: 600 });
  expect(pointAt(area, 0, 0, 7)).toEqual({ day: 0, minute: 0 });
  expect(pointAt(area, 900, 9000, 7)).toEqual({ day: 6, minute: 1440 });
});

test('drawing snaps to quarters of an hour, in either direction', () => {
  const down = drawn({ kind: 'create', from: { day: 2, minute: 547 }, to: { day: 4, minute: 622 } });
  const up = drawn({ kind: 'create', from: { day: 2, minute: 622 }, to: { day: 2, minute: 547 } });
  expect(down).toEqual({ day: 2, from: 540, to: 615 });
  expect(up).toEqual({ day: 2, from: 540, to: 615 });
});

const click = (minute: number) => drawn({ kind: 'create', from: { day: 0, minute }, to: { day: 0, minute } });

test('a click draws an hour, also late at night', () => {
  expect(click(555)).toEqual({ day: 0, from: 540, to: 600 });
  expect(click(1435)).toEqual({ day: 0, from: 1380, to: 1440 });
});

test('an event that is moved keeps its wall clock and its length over a change of summer time', () => {
  const friday = span('2026-03-27T09:00:00Z', '2026-03-27T10:00:00Z');
  const monday = shift(friday, { days: 3, minutes: 0 }, ZONE);
  expect(monday).toEqual(span('2026-03-30T09:00:00+01:00', '2026-03-30T10:00:00+01:00'));
});

test('moving over midnight changes the day', () => {
  const evening = span('2026-11-30T23:30:00Z', '2026-12-01T00:30:00Z');
  expect(shift(evening, { days: 0, minutes: 60 }, ZONE)).toEqual(
    span('2026-12-01T00:30:00Z', '2026-12-01T01:30:00Z'),
  );
});

test('an event that is shortened keeps a quarter of an hour, an all-day event a day', () => {
  const short = stretch(
    span('2026-11-30T09:00:00Z', '2026-11-30T10:00:00Z'),
    { days: 0, minutes: -300 },
    ZONE,
  );
  expect(short).toEqual(span('2026-11-30T09:00:00Z', '2026-11-30T09:15:00Z'));
  const day: Span = { allDay: true, from: '2026-11-30', to: '2026-12-02' };
  expect(stretch(day, { days: -9, minutes: 0 }, ZONE)).toEqual({
    allDay: true,
    from: '2026-11-30',
    to: '2026-12-01',
  });
});

test('dragging moves by whole quarters, however the pointer was put down', () => {
  const before = span('2026-11-30T09:05:00Z', '2026-11-30T10:00:00Z');
  const from = { day: 0, minute: 551 };
  expect(dragged({ kind: 'move', span: before, from, to: { day: 1, minute: 583 } }, ZONE)).toEqual(
    span('2026-12-01T09:35:00Z', '2026-12-01T10:30:00Z'),
  );
  expect(dragged({ kind: 'resize', span: before, from, to: { day: 0, minute: 583 } }, ZONE)).toEqual(
    span('2026-11-30T09:05:00Z', '2026-11-30T10:30:00Z'),
  );
});

test('times are written so that a patch clears what they replace', () => {
  expect(timesOf({ allDay: true, from: '2026-11-30', to: '2026-12-01' }, ZONE).start).toEqual({
    date: '2026-11-30',
    dateTime: null,
    timeZone: null,
  });
  expect(timesOf(span('2026-07-01T08:00:00Z', '2026-07-01T09:00:00Z'), ZONE).end).toEqual({
    date: null,
    dateTime: '2026-07-01T10:00:00+01:00',
    timeZone: ZONE,
  });
});

test('a series moves as far as its occurrence did, in its own zone, and takes its length', () => {
  const series = {
    id: 's',
    start: { dateTime: '2026-01-05T09:00:00Z', timeZone: 'America/New_York' },
    end: { dateTime: '2026-01-05T10:00:00Z', timeZone: 'America/New_York' },
  };
  const before = span('2026-11-30T09:00:00Z', '2026-11-30T10:00:00Z');
  const after = span('2026-12-01T10:30:00Z', '2026-12-01T11:00:00Z');
  expect(seriesTimes(series, before, after, ZONE)).toEqual(
    timesOf(span('2026-01-06T10:30:00Z', '2026-01-06T11:00:00Z'), 'America/New_York'),
  );
});

test('an all-day series moves by days', () => {
  const series = { id: 's', start: { date: '2026-01-05' }, end: { date: '2026-01-06' } };
  const before: Span = { allDay: true, from: '2026-11-30', to: '2026-12-01' };
  const after: Span = { allDay: true, from: '2026-12-02', to: '2026-12-04' };
  expect(seriesTimes(series, before, after, ZONE)).toMatchObject({
    start: { date: '2026-01-07' },
    end: { date: '2026-01-09' },
  });
});
