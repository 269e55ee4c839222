/**
 * Assumptions of the functions and the emulator about Google. `infra/emulator/SPEC.md` and `functions/SPEC.md` have the same list,
 * with the source of each assumption and the tests that cover it.
 */
export const ASSUMPTIONS = {
  G1: 'Only the last page of a list has `nextSyncToken`; each page before it has `nextPageToken`.',
  G2: 'A page has at most `maxResults` items; it may have fewer, even none.',
  G3: 'An incremental list has everything that changed since its sync token, deletions included.',
  G4: 'An invalidated sync token is answered with 410 `fullSyncRequired`.',
  G5: 'A sync token cannot be combined with `timeMin`: 400.',
  G6: 'A change of the user’s role in a calendar invalidates the user’s sync tokens for it.',
  G7: 'A list may lag behind an edit and behind its notification.',
  G8: 'A list of events names the calendar’s time zone.',
  G9: 'A change of the calendar’s time zone changes no event, and is in no incremental list.',
  G10: 'A calendar that the user cannot see is answered with 404 `notFound`.',
  G11: 'A deleted event is listed with `status: cancelled`; of its other fields only the id is certain.',
  G12: 'A deleted event can still be read, as cancelled; deleting it again is answered with 410 `deleted`.',
  G13: 'A deleted ACL rule is listed with `role: none`.',
  G14: 'A calendar that leaves a calendar list is listed with `deleted: true`.',
  G15: 'A cancelled occurrence stays in full lists, with its id, its series and its original start.',
  G16: 'A deleted series is listed as deleted; its exceptions may be missing.',
  G17: 'An incremental list with `singleEvents` may have only some of the occurrences of a deleted series.',
  G18: 'A full list may have cancelled occurrences of a series that is gone.',
  G19: 'An edit of an event’s contents changes its `etag` and `updated`.',
  G20: 'An edit of reminders changes neither `etag` nor `updated`, but is in incremental lists.',
  G21: 'The id of an occurrence is the id of its series, `_` and its original start in UTC.',
  G22: 'A changed occurrence is an event of its own, with its series and its original start.',
  G23: 'Google expands a series as the agenda does: in local time, with its exceptions.',
  G24: 'A watch call returns `expiration` as text, in Unix milliseconds.',
  G25: 'A channel lives as long as requested, or less.',
  G26: 'A channel id can be used once: 400 `channelIdNotUnique`.',
  G27: 'An expiration in the past is answered with 400 `pushInvalidTtl`.',
  G28: 'All channels of a collection have the same `resourceId`.',
  G29: '`channels.stop` answers 204, and 404 for an unknown channel.',
  G30: 'A notification may still arrive after its channel was stopped.',
  G31: 'Some calendars cannot be watched: 400 `pushNotSupportedForRequestedResource`.',
  G32: 'The first notification of a channel is `sync`, with number 1; it may precede the watch response.',
  G33: 'Later notifications are `exists`, with growing numbers that may have gaps.',
  G34: 'A notification names its collection by a URI whose path ends in `/events` or `/acl`.',
  G35: 'Edits are announced by notifications, which may be late, repeated or lost.',
  G36: 'A notification is sent again after 500, 502, 503 and 504, and after no other status.',
  G37: 'A call above a quota is answered with 403 or 429; `quotaUser` is charged instead of the user.',
  G38: 'Pub/Sub delivers the messages of one ordering key in the order in which they were published.',
  G39: 'Pub/Sub delivers a message at least once: it may be repeated.',
  G40: 'Pub/Sub sends a message again after an error, and counts that as a delivery attempt.',
  G41: 'A commit in Firestore is atomic, and fails if a document has changed since it was read.',
  G42: 'A read in Firestore has a time, and sees everything that was committed before it.',
  G43: 'An instance of Cloud Run gets SIGTERM about ten seconds before it is ended.',
  G44: 'Cloud Scheduler may call renew late, or twice.',
} as const;

export type AssumptionId = keyof typeof ASSUMPTIONS;

/** Those that cannot be seen from outside. */
const HIDDEN: ReadonlySet<AssumptionId> = new Set([
  'G6',
  'G14',
  'G17',
  'G18',
  'G30',
  'G31',
  'G36',
  'G37',
  'G40',
  'G41',
  'G42',
  'G43',
  'G44',
]);

export const isVisible = (id: AssumptionId): boolean => !HIDDEN.has(id);

const isId = (key: string): key is AssumptionId => key in ASSUMPTIONS;

/** Returns the ids in their order. */
export const assumptionIds = (): readonly AssumptionId[] => Object.keys(ASSUMPTIONS).filter(isId);
