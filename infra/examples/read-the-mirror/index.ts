/** Prints the events of a week, the out-of-office events, and what starts in the week in all calendars. */
import { Firestore } from '@google-cloud/firestore';
import { readAgenda, readTimeZone } from 'calendar-mirror/agenda';

const firestore = new Firestore();

const calendar = { user: 'ana@example.com', calendarId: 'team@group.calendar.google.com' };
const week = { from: new Date('2026-12-07T00:00:00Z'), to: new Date('2026-12-14T00:00:00Z') };

const timeZone = (await readTimeZone(firestore, calendar)) ?? 'UTC';
const { occurrences } = await readAgenda(firestore, { ...calendar, ...week, timeZone });
for (const { startsAt, event } of occurrences) console.log(new Date(startsAt), event['summary']);

const events = firestore.collection('users/ana@example.com/calendars/team@group.calendar.google.com/events');
const away = await events.where('eventType', '==', 'outOfOffice').get();
for (const document of away.docs) console.log('out of office:', document.get('data.summary'));

const everywhere = firestore.collectionGroup('events');
const ofWeek = everywhere.where('startsAt', '>=', week.from).where('startsAt', '<', week.to);
const all = await ofWeek.orderBy('startsAt').orderBy('user').get();
const ofAna = await ofWeek.where('user', '==', calendar.user).orderBy('startsAt').get();
const ofTeam = await ofWeek.where('calendarId', '==', calendar.calendarId).orderBy('startsAt').get();
for (const { docs } of [all, ofAna, ofTeam])
  console.log(
    'starts:',
    docs.map((document) => `${document.get('user')} ${document.get('data.summary')}`),
  );
