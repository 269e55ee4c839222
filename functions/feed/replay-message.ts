import * as z from 'zod';

/** The last message of a replay of one watch, which the command line publishes. The others are changes with the attribute `replay`. */

const whole = z.number().int().nonnegative();

export const replayEndedSchema = z.object({
  watchId: z.string(),
  replay: z.string().describe('Id of the replay: the attribute `replay` of its messages.'),
  count: whole.describe('How many items of the watch the replay published, each once.'),
  sequence: whole.describe(
    'The last number of the watch when the replay began: what was gone by then is not in the replay.',
  ),
});

export type ReplayEnded = z.infer<typeof replayEndedSchema>;
