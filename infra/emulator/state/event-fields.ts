import * as z from 'zod';
import { integer } from '../protocol/body.ts';

const MAX_INT32 = 2 ** 31 - 1;

/**
 * The fields of an event that clients can write, as in the API definition
 * (https://developers.google.com/workspace/calendar/api/v3/reference/events). Other fields of a body, such as `etag` or
 * `htmlLink`, are read-only and ignored, as Google ignores them.
 */

/** A point in time or a whole day. A stored time has exactly one of `date` and `dateTime`. */
export const EventDateTime = z.object({
  date: z.iso.date().optional(),
  dateTime: z.string().optional(),
  timeZone: z.string().optional(),
});
export type EventDateTime = z.infer<typeof EventDateTime>;

export const Attendee = z.object({
  id: z.string().optional(),
  email: z.string().optional(),
  displayName: z.string().optional(),
  resource: z.boolean().optional(),
  optional: z.boolean().optional(),
  responseStatus: z.enum(['needsAction', 'declined', 'tentative', 'accepted']).optional(),
  comment: z.string().optional(),
  additionalGuests: integer(0, MAX_INT32).optional(),
});
export type Attendee = z.infer<typeof Attendee>;

export const Reminders = z.object({
  useDefault: z.boolean().optional(),
  overrides: z
    .array(z.object({ method: z.enum(['email', 'popup']), minutes: integer(0, 40_320) }))
    .max(5)
    .optional(),
});
export type Reminders = z.infer<typeof Reminders>;

const autoDeclineMode = z
  .enum(['declineNone', 'declineAllConflictingInvitations', 'declineOnlyNewConflictingInvitations'])
  .optional();

const ConferenceData = z.object({
  conferenceId: z.string().optional(),
  signature: z.string().optional(),
  notes: z.string().max(2048).optional(),
  conferenceSolution: z
    .object({
      key: z.object({ type: z.string().optional() }).optional(),
      name: z.string().optional(),
      iconUri: z.string().optional(),
    })
    .optional(),
  createRequest: z
    .object({
      requestId: z.string().optional(),
      conferenceSolutionKey: z.object({ type: z.string().optional() }).optional(),
      status: z.object({ statusCode: z.string().optional() }).optional(),
    })
    .optional(),
  entryPoints: z
    .array(
      z.object({
        entryPointType: z.enum(['video', 'phone', 'sip', 'more']),
        uri: z.string().max(1300).optional(),
        label: z.string().max(512).optional(),
        meetingCode: z.string().max(128).optional(),
        accessCode: z.string().max(128).optional(),
        passcode: z.string().max(128).optional(),
        password: z.string().max(128).optional(),
        pin: z.string().max(128).optional(),
        regionCode: z.string().optional(),
        entryPointFeatures: z.array(z.string()).optional(),
      }),
    )
    .optional(),
});
export type ConferenceData = z.infer<typeof ConferenceData>;

export const eventTypes = [
  'birthday',
  'default',
  'focusTime',
  'fromGmail',
  'outOfOffice',
  'workingLocation',
] as const;

export const EventFields = z.object({
  status: z.enum(['confirmed', 'tentative', 'cancelled']).optional(),
  summary: z.string().optional(),
  description: z.string().optional(),
  location: z.string().optional(),
  colorId: z.string().optional(),
  eventLabelId: z.string().optional(),
  start: EventDateTime.optional(),
  end: EventDateTime.optional(),
  endTimeUnspecified: z.boolean().optional(),
  recurrence: z.array(z.string()).optional(),
  transparency: z.enum(['opaque', 'transparent']).optional(),
  visibility: z.enum(['default', 'public', 'private', 'confidential']).optional(),
  attendees: z.array(Attendee).optional(),
  extendedProperties: z
    .object({
      private: z.record(z.string(), z.string()).optional(),
      shared: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  conferenceData: ConferenceData.optional(),
  anyoneCanAddSelf: z.boolean().optional(),
  guestsCanInviteOthers: z.boolean().optional(),
  guestsCanModify: z.boolean().optional(),
  guestsCanSeeOtherGuests: z.boolean().optional(),
  privateCopy: z.boolean().optional(),
  reminders: Reminders.optional(),
  source: z.object({ url: z.string().optional(), title: z.string().optional() }).optional(),
  attachments: z
    .array(
      z.object({
        fileUrl: z.string(),
        title: z.string().optional(),
        mimeType: z.string().optional(),
        iconLink: z.string().optional(),
      }),
    )
    .max(25)
    .optional(),
  eventType: z.enum(eventTypes).optional(),
  workingLocationProperties: z
    .object({
      type: z.enum(['homeOffice', 'officeLocation', 'customLocation']),
      homeOffice: z.unknown().optional(),
      officeLocation: z
        .object({
          buildingId: z.string().optional(),
          floorId: z.string().optional(),
          floorSectionId: z.string().optional(),
          deskId: z.string().optional(),
          label: z.string().optional(),
        })
        .optional(),
      customLocation: z.object({ label: z.string().optional() }).optional(),
    })
    .optional(),
  outOfOfficeProperties: z.object({ autoDeclineMode, declineMessage: z.string().optional() }).optional(),
  focusTimeProperties: z
    .object({
      autoDeclineMode,
      declineMessage: z.string().optional(),
      chatStatus: z.enum(['available', 'doNotDisturb']).optional(),
    })
    .optional(),
  birthdayProperties: z
    .object({ type: z.enum(['anniversary', 'birthday', 'custom', 'other', 'self']).optional() })
    .optional(),
});
export type EventFields = z.infer<typeof EventFields>;

/** The body of insert, update or import: the fields, and those that can only be given once. */
export const EventBody = EventFields.extend({
  id: z.string().optional(),
  iCalUID: z.string().optional(),
  sequence: integer(0, MAX_INT32).optional(),
  organizer: z.object({ email: z.string().optional(), displayName: z.string().optional() }).optional(),
});
export type EventBody = z.infer<typeof EventBody>;
