/** What trials leave behind, and their results. */
import { expect } from 'vitest';
import { results, type Outcome } from './command-line.ts';
import type { Pipeline } from './pipeline.ts';

/** The user of a trial on the local cloud. */
export const TRIAL_USER = 'calendar-mirror-trial@example.com';

/** Expects that nothing of any trial is left: in Firestore, in Pub/Sub, or at Google. */
export async function expectNothingLeft(cloud: Pipeline, user = TRIAL_USER): Promise<void> {
  const collections = await cloud.firestore.listCollections();
  expect(collections.map(({ path }) => path)).toEqual([]);
  const [subscriptions] = await cloud.pubsub.getSubscriptions();
  expect(subscriptions.filter(({ name }) => name.includes('calendar-mirror-trial-'))).toEqual([]);
  const calendars = await cloud.as(user).list('users/me/calendarList');
  expect(calendars.map(({ id }) => id)).toEqual([user]);
  expect(cloud.live(user)).toEqual([]);
}

/** Returns the ids of the assumptions with a verdict. */
export const assumptionsThat = (outcome: Outcome, verdict: string): readonly unknown[] =>
  results(outcome).flatMap((result) =>
    result['type'] === 'assumption' && result['verdict'] === verdict ? [result['id']] : [],
  );

/** Returns the titles of the steps that failed. */
export const failedSteps = (outcome: Outcome): readonly unknown[] =>
  results(outcome).flatMap((result) =>
    result['type'] === 'step' && result['ok'] !== true ? [result['title']] : [],
  );
