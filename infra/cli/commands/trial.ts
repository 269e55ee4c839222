import { writeFile } from 'node:fs/promises';

import { Option } from 'commander';
import * as z from 'zod';

import { AUTH_MODES } from '../../../functions/calendar/auth/modes.ts';
import { errorText } from '../../../functions/runtime/log.ts';
import { waitForEnd } from '../../terminal/signals.ts';
import { logProgress } from '../../terminal/output.ts';
import { number, type CommandSpec } from '../declare.ts';
import { Failure, UsageError } from '../failure.ts';
import type { Open } from '../session.ts';

/** `calendar-mirror trial`: the deployment tests itself, with a calendar of its own. */
export const trialCommand: CommandSpec = {
  name: 'trial',
  about:
    'Test the deployment with a calendar of its own: play edits, follow each to the mirror and the feed, and compare what is assumed about Google with what it does.',
  notes: [
    'Everything that it makes is removed at the end, also after Ctrl-C; after a crash, by the next trial.',
    'With service-account it acts as the account of sync, with delegation as --user. Both need',
    'roles/iam.serviceAccountTokenCreator on the service account. With oauth it asks --user to edit an event.',
  ].join('\n'),
  examples: [
    'trial',
    'trial --report trial.md',
    'trial --user ada@example.com --auth delegation',
    'trial --json | jq \'select(.verdict == "differs")\'',
  ],
  declare: (command) =>
    command
      .option('--user <user>', 'the user to act as with delegation, or to ask with oauth')
      .addOption(
        new Option(
          '--auth <mode>',
          'credentials of the trial; by default CALENDAR_AUTH, or those of the deployed sync',
        ).choices(AUTH_MODES),
      )
      .option('--report <file>', 'also write the result as Markdown, without personal data')
      .option('--timeout <seconds>', 'fail if an edit takes longer than this', number, 180),
  run,
};

const Options = z.object({
  user: z
    .string()
    .regex(/^[^\s@]+@[^\s@]+$/)
    .optional(),
  auth: z.enum(AUTH_MODES).optional(),
  report: z.string().optional(),
  timeout: z.number(),
});

async function run(open: Open, _: readonly string[], given: unknown): Promise<void> {
  const parsed = Options.safeParse(given);
  if (!parsed.success) throw new UsageError('--user is not an email address', 'give an address');
  const { user, auth, report, timeout: timeoutSeconds } = parsed.data;
  const startedAt = Date.now();
  const session = await open();
  const { findActor } = await import('../trial/actor.ts');
  const { createEvidence } = await import('../trial/evidence.ts');
  const { createPlayer } = await import('../trial/play-step.ts');
  const { anonymous, printSightings, reportText } = await import('../trial/report.ts');
  const ended = new AbortController();
  void waitForEnd().then(() => ended.abort(new Failure('interrupted', 'run calendar-mirror trial again')));
  const actor = await findActor(session, { user, auth });
  const { GOOGLE_CLOUD_PROJECT: project } = session.config;
  const { play, results } = createPlayer({
    print: session.json ? session.printJson : undefined,
    textOf: (error) => anonymous(errorText(error), [actor.user, actor.sharedWith ?? '', project]),
  });
  const evidence = createEvidence();
  const options = { actor, auth, timeoutSeconds, signal: ended.signal, evidence };
  const { runTrial } = await import('../trial/run.ts');
  const { runByHand } = await import('../trial/by-hand.ts');
  const trial = (actor.mode === 'oauth' ? runByHand : runTrial)(session, options, play);
  const [outcome] = await Promise.allSettled([trial]);

  const sightings = evidence.sightings();
  if (session.json) for (const sighting of sightings) session.printJson({ type: 'assumption', ...sighting });
  else printSightings(sightings);
  if (report !== undefined) {
    await writeFile(report, reportText({ mode: actor.mode, startedAt, steps: results, sightings }));
    logProgress(`Wrote ${report}.`);
  }
  const differing = sightings.filter(({ verdict }) => verdict === 'differs').map(({ id }) => id);
  const differ = `Google does not behave as assumed: ${differing.join(', ')}`;
  if (outcome.status === 'rejected') {
    if (differing.length > 0) logProgress(differ);
    throw outcome.reason;
  }
  if (differing.length > 0) throw new Failure(differ, 'report it, with the file that --report writes');
}
