/** The doctor's findings on the functions and their keys. */
import { describe, expect, test } from 'vitest';
import { judgeDeployment, judgeKeys } from '../../../../../infra/cli/doctor/deployment.ts';
import { findDeployment, isBelow } from '../../../../../infra/cli/doctor/functions.ts';
import { DATABASE_ID, deployed, DEPLOYED, urlsOf } from '../../../../support/deployed-cloud.ts';

const [receive, sync, renew] = [deployed('receive'), deployed('sync'), deployed('renew')];
const verdicts = (findings: readonly { readonly what: string; readonly verdict: string }[]) =>
  findings.filter(({ verdict }) => verdict !== 'well').map(({ what, verdict }) => `${what} ${verdict}`);

describe('the functions', () => {
  test('are well if all three are active and the keys match', () => {
    expect(verdicts(judgeDeployment({ receive, sync, renew }, DEPLOYED))).toEqual([]);
  });

  test('are wrong if one is missing, has failed or belongs to another project', () => {
    const failed = { ...receive, state: 'FAILED' };
    expect(verdicts(judgeDeployment({ receive: failed, sync: undefined, renew }, DEPLOYED))).toEqual([
      'receive wrong',
      'sync wrong',
    ]);
    expect(verdicts(judgeDeployment({ receive, sync, renew }, 'another'))).toEqual([
      'receive wrong',
      'sync wrong',
      'renew wrong',
    ]);
  });

  test('are wrong if receive does not have the key that renew signs with', () => {
    const keys = [{ key: 'CHANNEL_TOKEN_KEYS', secret: 'channel-token-keys', version: '2' }];
    const other = { ...renew, serviceConfig: { ...renew.serviceConfig, secretEnvironmentVariables: keys } };
    const none = { ...renew, serviceConfig: { ...renew.serviceConfig, secretEnvironmentVariables: [] } };
    expect(verdicts(judgeDeployment({ receive, sync, renew: other }, DEPLOYED))).toEqual([
      'channel token keys wrong',
    ]);
    expect(verdicts(judgeDeployment({ receive, sync, renew: none }, DEPLOYED))).toEqual([
      'channel token keys wrong',
    ]);
  });
});

describe('a function', () => {
  test.each([
    ['ACTIVE', []],
    ['DETACH_FAILED', []],
    ['DEPLOYING', ['sync unknown']],
    ['FAILED', ['sync wrong']],
    ['UNKNOWN', ['sync wrong']],
  ])('in state %s is reported as %j', (state, expected) => {
    expect(verdicts(judgeDeployment({ receive, sync: { ...sync, state }, renew }, DEPLOYED))).toEqual(
      expected,
    );
  });

  test('that is not found while a region does not respond is unknown', () => {
    const deployment = { receive, sync: undefined, renew };
    expect(verdicts(judgeDeployment(deployment, DEPLOYED, ['us-east4']))).toEqual(['sync unknown']);
  });
});

describe('among all functions of a project', () => {
  const ours = { project: DEPLOYED, database: DATABASE_ID, notifications: 'calendar-notifications' };
  const mine = { ...sync, name: 'mine' };
  const foreign = { ...deployed('sync', { GOOGLE_CLOUD_PROJECT: 'another' }), name: 'foreign' };
  const staging = { ...deployed('sync', { NOTIFICATIONS_TOPIC: 'staging' }), name: 'staging' };
  const old = { ...sync, name: 'old', environment: 'GEN_1' };

  test('those with our variables are ours, independent of names', () => {
    const found = findDeployment([old, foreign, staging, mine, renew], ours);
    expect([found.sync?.name, found.renew?.name, found.receive]).toEqual(['mine', renew.name, undefined]);
    expect(findDeployment([mine, staging], { ...ours, notifications: 'staging' }).sync?.name).toBe('staging');
  });

  test('a function with wrong variables is still found, so that the doctor can report it', () => {
    expect(findDeployment([foreign], ours).sync?.name).toBe('foreign');
  });
});

test.each([
  [urlsOf('sync').hashed, urlsOf('sync').hashed, true],
  [`${urlsOf('sync').hashed}/`, urlsOf('sync').hashed, true],
  [`${urlsOf('sync').hashed}/projects/p/topics/t`, `${urlsOf('sync').hashed}/`, true],
  ['https://SYNC.example.com/x', 'https://sync.example.com', true],
  [`${urlsOf('sync').hashed}.example.com/`, urlsOf('sync').hashed, false],
  ['https://r-p.cloudfunctions.net/calendar-sync-2', 'https://r-p.cloudfunctions.net/calendar-sync', false],
  ['not a url', urlsOf('sync').hashed, false],
])('%s is at or below %s: %s', (url, base, expected) => {
  expect(isBelow(url, base)).toBe(expected);
});

describe('the secret version of the keys', () => {
  const keys = { project: DEPLOYED, secret: 'channel-token-keys', version: '1' };
  const list = `gcloud secrets versions list channel-token-keys --project=${DEPLOYED}`;
  test.each([
    ['ENABLED', 'well', ''],
    [
      'DISABLED',
      'wrong',
      `gcloud secrets versions enable 1 --secret=channel-token-keys --project=${DEPLOYED}`,
    ],
    ['DESTROYED', 'wrong', list],
    [undefined, 'wrong', list],
  ])('in state %s is %s', (state, verdict, fix) => {
    const finding = judgeKeys(state, keys);
    expect(finding.verdict).toBe(verdict);
    expect(finding.fix ?? '').toContain(fix);
    // A new key would invalidate the token of every channel.
    expect(finding.fix ?? '').not.toMatch(/versions add|openssl/);
  });
});
