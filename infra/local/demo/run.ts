import { printResult, styled } from '../../terminal/output.ts';
import { buildFunctions } from '../build.ts';
import { perform } from './perform.ts';
import { step } from './progress.ts';
import { setStage, type Stage } from './stage.ts';

/**
 * Runs the demo on a new cloud, from the initial sync to the verdict. Returns whether the mirror equals the calendars and the feed
 * has every change.
 * @throws Error if a step fails
 */
export async function runDemo(): Promise<boolean> {
  const startedAt = Date.now();
  let stage: Stage | undefined;
  try {
    printResult(styled('bold', 'calendar-mirror: Google Calendar, live in Firestore and on a Pub/Sub feed'));
    await step('build the functions', async () =>
      (await buildFunctions()) ? 'receive, sync, renew' : 'as installed',
    );
    await step('start the cloud', async () => {
      stage = await setStage();
      return `project ${stage.cloud.projectId}`;
    });
    return stage !== undefined && (await perform(stage, startedAt));
  } finally {
    await stage?.close();
  }
}
