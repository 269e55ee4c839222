import * as z from 'zod';

import type { Target } from '../calendar/resources.ts';
import { envelope, type OutgoingMessage } from './envelope.ts';

/** The last message of a replay of one watch. The others are changes with the attribute `replay`. */

export const replayEndedSchema = z.object({
  watchId: z.string(),
  replay: z.string().describe('Id of the replay: the attribute `replay` of its messages.'),
  count: z
    .number()
    .int()
    .nonnegative()
    .describe('How many items of the watch the replay published, each once.'),
  sequence: z
    .number()
    .int()
    .nonnegative()
    .describe(
      'The last number of the watch when the replay began: what was gone by then is not in the replay.',
    ),
});

export type ReplayEnded = z.infer<typeof replayEndedSchema>;

/** Returns the message that ends the replay of a watch. `time` is ISO 8601. */
export const replayEndedMessage = (
  ended: ReplayEnded,
  { user, resource, calendarId }: Target,
  time: string,
): OutgoingMessage =>
  envelope({
    id: `${ended.watchId}/replay/${ended.replay}`,
    type: 'calendar.replay.ended',
    kind: 'replay-ended',
    watchId: ended.watchId,
    time,
    attributes: { user, resource, calendar: calendarId, replay: ended.replay },
    data: ended,
  });
