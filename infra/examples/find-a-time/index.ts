/** Prints when people are busy, when all are free, and how to join the meetings of the first. */
import { Firestore } from '@google-cloud/firestore';
import { readAgenda, readBusy } from 'calendar-mirror/agenda';
import { freeTimes, joinLink, meetingKey } from 'calendar-mirror/meetings';

const firestore = new Firestore();

const users = ['ana@example.com', 'ben@example.com'];
const day = { from: new Date('2026-12-07T08:00:00Z'), to: new Date('2026-12-07T18:00:00Z') };
const window = { from: day.from.getTime(), to: day.to.getTime() };

const people = await readBusy(firestore, { users, ...day });
for (const person of people)
  console.log(
    person.user,
    person.busy === null ? person.problem.reason : `${person.busy.length} busy periods`,
  );

const busy = people.flatMap((person) => person.busy ?? []);
const isKnown = people.every((person) => person.busy !== null);
for (const { startsAt, endsAt } of isKnown ? freeTimes(busy, window) : [])
  console.log('all are free:', new Date(startsAt), new Date(endsAt));

const ana = { user: 'ana@example.com', calendarId: 'ana@example.com', timeZone: 'Europe/Berlin' };
const { occurrences } = await readAgenda(firestore, { ...ana, ...day });
for (const { event } of occurrences) console.log(meetingKey(event), joinLink(event)?.url);
