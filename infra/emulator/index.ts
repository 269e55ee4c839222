/// <reference types="node" preserve="true" />
/**
 * The emulator of the Google Calendar API, for use within a program.
 *
 * @example
 * const emulator = await startCalendarEmulator({ initial: { users: [{ email: 'ada@example.com' }] } });
 * // … call the API at `emulator.url` with the header `Authorization: Bearer ada@example.com`
 * await emulator.close();
 *
 * @module
 */
export { startCalendarEmulator } from './server.ts';
export { CalendarError } from './protocol/http.ts';
export type { CalendarEmulator, CalendarEmulatorOptions } from './types.ts';
export type { Channel, ChannelFilter } from './channels/channels.ts';
export type { Json } from './protocol/body.ts';
export type { FaultRule } from './faults/fault-rules.ts';
export type { Answer, Call, ErrorDetail, Route } from './protocol/http.ts';
export type { JournalEntry, NotificationEntry, RequestEntry } from './journal/journal.ts';
export type { ScenarioName, ScenarioOutcome, ScenarioParameters } from './scenarios/index.ts';
export type { OAuth, OAuthOptions } from './oauth/oauth.ts';
export type { Seed } from './seed/seed.ts';
export type { Collection, Resource, Store } from './state/store.ts';
export type { NotificationState } from './channels/webhook.ts';
