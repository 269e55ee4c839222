import { build } from '../build.ts';
import { perform } from './demo/perform.ts';
import { step } from './demo/progress.ts';
import { setStage, type Stage } from './demo/stage.ts';
import { print, styled, tell } from '../../functions/cli/terminal.ts';

// `npm run demo`: the main job on the laptop's cloud, from the first sync to the verdict.
const startedAt = Date.now();
let stage: Stage | undefined;
try {
  print(styled('bold', 'calendar-mirror: Google Calendar, live in Firestore and on a Pub/Sub feed'));
  await step('build the functions', async () => {
    await build();
    return 'receive, sync, renew';
  });
  await step('start the cloud', async () => {
    stage = await setStage();
    return `project ${stage.cloud.projectId}`;
  });
  if (stage !== undefined) process.exitCode = (await perform(stage, startedAt)) ? 0 : 1;
} catch (error) {
  tell(`${styled('red', 'The demo broke off.')} ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await stage?.close();
}
