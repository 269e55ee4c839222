/**
 * The library `calendar-mirror/meetings`: pure functions of events, which need neither Firestore nor Google.
 *
 * @module
 */

export { busyTimes, freeTimes, type Period } from './busy-times.ts';
export { joinLink, type JoinLink, type Provider } from './join-link.ts';
export { meetingKey } from './meeting-key.ts';
export type { Occurrence, Window } from '../calendar/recurrence/occurrences.ts';
