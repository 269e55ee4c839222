/** What the doctor makes of what it sees: verdict, words and the command that mends it. */
import { describe, expect, test } from 'vitest';
import { judgeAccess } from '../../../functions/cli/doctor/access.ts';
import { judgeDatabase, judgeExemption, judgeIndexes } from '../../../functions/cli/doctor/database.ts';
import { judgeDeployment } from '../../../functions/cli/doctor/deployment.ts';
import { judgeAnswers } from '../../../functions/cli/doctor/receiver.ts';
import { judgeJobs } from '../../../functions/cli/doctor/scheduler.ts';
import { judgeServices } from '../../../functions/cli/doctor/services.ts';
import { judgePush, judgeReader } from '../../../functions/cli/doctor/topics.ts';
import { DEPLOYED, deployedFunction, renewJob } from '../../support/deployed-cloud.ts';

const withKeys = (entry: string) => ({
  ...deployedFunction(entry),
  serviceConfig: { secretEnvironmentVariables: [], ...deployedFunction(entry).serviceConfig },
});
const judge = (answers: Parameters<typeof judgeAnswers>[1]) =>
  judgeAnswers('https://r.example.com', answers, undefined);

const index = (fields: readonly string[], state = 'READY', queryScope = 'COLLECTION') => ({
  state,
  queryScope,
  fields: fields.map((fieldPath) => ({ fieldPath })),
});

const [receive, sync, renew] = [withKeys('receive'), withKeys('sync'), withKeys('renew')];
const verdicts = (findings: readonly { readonly what: string; readonly verdict: string }[]) =>
  findings.filter(({ verdict }) => verdict !== 'well').map(({ what }) => what);

describe('push to sync', () => {
  const expected = {
    isEmulated: false,
    notifications: 'calendar-notifications',
    deadLetters: 'calendar-dead-letters',
  };
  const good = {
    name: 'projects/p/subscriptions/calendar-sync',
    topic: 'projects/p/topics/calendar-notifications',
    pushConfig: {
      pushEndpoint: 'https://sync.example.com/projects/p/topics/calendar-notifications',
      oidcToken: { serviceAccountEmail: 'invoker@example.com' },
    },
    ackDeadlineSeconds: 600,
    enableMessageOrdering: true,
    deadLetterPolicy: { deadLetterTopic: 'projects/p/topics/calendar-dead-letters', maxDeliveryAttempts: 20 },
    expirationPolicy: { ttl: null },
  };
  const pull = { ...good, name: 'projects/p/subscriptions/other', pushConfig: null };

  test('is well as Terraform makes it, whoever else pulls', () => {
    expect(judgePush([pull, good], expected)).toEqual([
      { what: 'push to sync', verdict: 'well', says: 'calendar-sync' },
    ]);
  });

  test.each([
    ['nothing pushes', [pull], /nothing is pushed/, /subscriptions create calendar-sync/],
    ['two push', [good, { ...good, name: 'x/y' }], /several times/, /delete/],
    [
      'no order',
      [{ ...good, enableMessageOrdering: false }],
      /no message ordering/,
      /--enable-message-ordering/,
    ],
    ['a short deadline', [{ ...good, ackDeadlineSeconds: 10 }], /10 s/, /--ack-deadline=600/],
    [
      'no account',
      [{ ...good, pushConfig: { ...good.pushConfig, oidcToken: null } }],
      /without an account/,
      /--push-auth-service-account/,
    ],
    [
      'a bare path',
      [{ ...good, pushConfig: { ...good.pushConfig, pushEndpoint: 'https://sync.example.com/' } }],
      /names no topic/,
      /--push-endpoint/,
    ],
    [
      'no dead letters',
      [{ ...good, deadLetterPolicy: null }],
      /no dead-letter topic/,
      /--dead-letter-topic=calendar-dead-letters/,
    ],
    [
      'dead letters elsewhere',
      [{ ...good, deadLetterPolicy: { deadLetterTopic: 'projects/p/topics/other' } }],
      /no dead-letter topic/,
      /--dead-letter-topic/,
    ],
    [
      'an end',
      [{ ...good, expirationPolicy: { ttl: { seconds: 2_678_400 } } }],
      /expires/,
      /--expiration-period=never/,
    ],
  ])('%s is wrong', (_, subscriptions, says, mend) => {
    expect(judgePush(subscriptions, expected)).toEqual([
      {
        what: 'push to sync',
        verdict: 'wrong',
        says: expect.stringMatching(says),
        mend: expect.stringMatching(mend),
      },
    ]);
  });

  test('a reader of dead letters that expires is wrong, and on emulators it may', () => {
    const reader = { ...pull, expirationPolicy: { ttl: { seconds: 1 } } };
    expect(judgeReader([reader], 'other', expected)).toMatchObject({
      verdict: 'wrong',
      mend: expect.stringContaining('never'),
    });
    expect(judgeReader([reader], 'other', { ...expected, isEmulated: true })).toMatchObject({
      verdict: 'well',
    });
  });
});

describe('receive’s address', () => {
  test.each([
    ['it is receive', { ok: true, toGet: 405, toForged: 403 }, 'well', /r\.example\.com/],
    ['it is private', { ok: true, toGet: 403, toForged: 403 }, 'wrong', /not open to everybody/],
    ['it is something else', { ok: true, toGet: 200, toForged: 404 }, 'wrong', /not receive.* 200 .* 404 /],
    ['it believes anybody', { ok: true, toGet: 405, toForged: 204 }, 'wrong', /not receive/],
    ['its certificate is over', { ok: false, code: 'CERT_HAS_EXPIRED' }, 'wrong', /no valid certificate/],
    [
      'its certificate is its own',
      { ok: false, code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
      'wrong',
      /no valid certificate/,
    ],
    ['there is no such host', { ok: false, code: 'ENOTFOUND' }, 'wrong', /cannot be reached \(ENOTFOUND\)/],
  ] as const)('%s', (_, answers, verdict, says) => {
    expect(judge(answers)).toMatchObject({ verdict, says: expect.stringMatching(says) });
  });
});

describe('scheduler', () => {
  const good = renewJob();
  test.each([
    ['every minute', [good], 'well', /every minute/],
    ['no job', [], 'wrong', /nothing calls renew/],
    [
      'a job of something else',
      [{ ...good, httpTarget: { uri: 'https://other.example.com' } }],
      'wrong',
      /nothing calls/,
    ],
    ['a paused job', [{ ...good, state: 'PAUSED' }], 'wrong', /PAUSED/],
    ['no account', [{ ...good, httpTarget: { uri: good.httpTarget.uri } }], 'wrong', /without an account/],
    ['an hourly job', [{ ...good, schedule: '0 * * * *' }], 'wrong', /not every minute/],
    ['a refused job', [{ ...good, status: { code: 7 } }], 'wrong', /renew refuses/],
    ['a failed job', [{ ...good, status: { code: 13 } }], 'wrong', /failed \(code 13\)/],
    ['a new job', [{ ...good, lastAttemptTime: undefined }], 'unknown', /not called yet/],
  ])('%s', (_, jobs, verdict, says) => {
    const given = jobs.map(({ status, ...job }) => ({ ...job, status: { code: 0, ...status } }));
    expect(judgeJobs(given, renew)).toMatchObject({ verdict, says: expect.stringMatching(says) });
  });
});

describe('the functions', () => {
  test('are well where all three are active, and the keys are the same', () => {
    expect(verdicts(judgeDeployment({ receive, sync, renew }, DEPLOYED))).toEqual([]);
  });

  test('are wrong where one is missing, has failed, or is of another project', () => {
    const failed = { ...receive, state: 'FAILED' };
    expect(verdicts(judgeDeployment({ receive: failed, sync: undefined, renew }, DEPLOYED))).toEqual([
      'receive',
      'sync',
    ]);
    expect(verdicts(judgeDeployment({ receive, sync, renew }, 'another'))).toEqual([
      'receive',
      'sync',
      'renew',
    ]);
  });

  test('are wrong where receive does not have the key that renew signs with', () => {
    const keys = [{ key: 'CHANNEL_TOKEN_KEYS', secret: 'channel-token-keys', version: '2' }];
    const other = { ...renew, serviceConfig: { ...renew.serviceConfig, secretEnvironmentVariables: keys } };
    const none = { ...renew, serviceConfig: { ...renew.serviceConfig, secretEnvironmentVariables: [] } };
    expect(verdicts(judgeDeployment({ receive, sync, renew: other }, DEPLOYED))).toEqual([
      'channel token keys',
    ]);
    expect(verdicts(judgeDeployment({ receive, sync, renew: none }, DEPLOYED))).toEqual([
      'channel token keys',
    ]);
  });
});

describe('the database', () => {
  const place = { project: 'p', database: '(default)' };
  const AGENDA = ['recurringEventId', 'startsAt', '__name__'];

  test('has to be in native mode', () => {
    expect(judgeDatabase({ type: 'FIRESTORE_NATIVE' }, place)).toMatchObject({ verdict: 'well' });
    expect(judgeDatabase({ type: 'DATASTORE_MODE' }, place)).toMatchObject({ verdict: 'wrong' });
  });

  test.each([
    ['the one it needs', [index(['a', 'b']), index(AGENDA)], 'well'],
    ['one that is not built yet', [index(AGENDA, 'CREATING')], 'wrong'],
    ['one of collection groups', [index(AGENDA, 'READY', 'COLLECTION_GROUP')], 'wrong'],
    ['one the other way round', [index(['startsAt', 'recurringEventId'])], 'wrong'],
    ['none', [], 'wrong'],
  ])('has of indexes %s', (_, indexes, verdict) => {
    expect(judgeIndexes({ indexes }, place)).toMatchObject({ verdict });
  });

  test.each([
    ['is exempt', { indexConfig: { indexes: [], usesAncestorConfig: false } }, 'well'],
    ['has indexes', { indexConfig: { indexes: [{}], usesAncestorConfig: false } }, 'wrong'],
    ['is like any field', { indexConfig: { indexes: [], usesAncestorConfig: true } }, 'wrong'],
    ['is not known', {}, 'wrong'],
  ])('contents of events: the field %s', (_, field, verdict) => {
    expect(judgeExemption(field, place)).toMatchObject({ verdict });
  });
});

test('APIs that are off are named in the command that enables them', () => {
  const services = [{ name: 'projects/1/services/pubsub.googleapis.com', state: 'DISABLED' }];
  const { verdict, mend } = judgeServices({ services }, 'p');
  expect(verdict).toBe('wrong');
  expect(mend).toMatch(/^gcloud services enable .*pubsub\.googleapis\.com.* --project=p$/);
});

test.each([
  ['may be read', { ok: true, value: {} }, 'well', undefined],
  [
    'cannot be told now',
    { ok: false, problem: { kind: 'temporary', reason: 'network', notDone: true } },
    'unknown',
    'try again',
  ],
  [
    'may not be read',
    { ok: false, problem: { kind: 'refused', reason: 'invalid_grant', detail: 'no consent' } },
    'wrong',
    'calendar-mirror login ada@example.com',
  ],
] as const)('what a user has %s', (_, answer, verdict, mend) => {
  const finding = judgeAccess('ada@example.com', 'events', 'oauth', answer);
  expect(finding).toMatchObject({ what: 'events of ada@example.com', verdict, ...(mend && { mend }) });
});
