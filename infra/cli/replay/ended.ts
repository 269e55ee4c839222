import type { Target } from '../../../functions/calendar/resources.ts';
import { envelope, type OutgoingMessage } from '../../../functions/feed/envelope.ts';
import type { ReplayEnded } from '../../../functions/feed/replay-message.ts';

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
