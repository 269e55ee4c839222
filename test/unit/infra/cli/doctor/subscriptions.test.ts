/** The doctor's findings on the subscriptions that push to sync and keep dead letters. */
import { describe, expect, test } from 'vitest';
import { judgePush, judgeReader } from '../../../../../infra/cli/doctor/subscriptions.ts';

describe('push to sync', () => {
  const expected = {
    isEmulated: false,
    project: 'p',
    notifications: 'projects/p/topics/calendar-notifications',
    deadLetters: 'projects/p/topics/calendar-dead-letters',
    syncUrls: ['https://sync.example.com', 'https://sync-42.example.com'],
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
    deadLetterPolicy: {
      deadLetterTopic: 'projects/p/topics/calendar-dead-letters',
      maxDeliveryAttempts: 100,
    },
    expirationPolicy: { ttl: null },
  };
  const pull = { ...good, name: 'projects/p/subscriptions/other', pushConfig: null };

  const others = {
    ...good,
    name: 'projects/p/subscriptions/audit',
    pushConfig: { pushEndpoint: 'https://audit.example.com/projects/p/topics/calendar-notifications' },
  };
  const well = [{ what: 'push to sync', verdict: 'well', says: 'calendar-sync' }];

  test('is well as deployed by Terraform, whatever other subscriptions the topic has', () => {
    expect(judgePush([pull, others, good], expected)).toEqual(well);
    expect(judgePush([others, good], { ...expected, syncUrls: undefined })).toEqual(well);
  });

  test('is well with the other URL of sync, and with a proxy in front of sync', () => {
    for (const host of ['sync-42.example.com', 'balancer.example.com']) {
      const pushEndpoint = `https://${host}/projects/p/topics/calendar-notifications`;
      expect(judgePush([{ ...good, pushConfig: { ...good.pushConfig, pushEndpoint } }], expected)).toEqual(
        well,
      );
    }
  });

  test('is unknown if only others push and the URL of sync is unknown', () => {
    const bare = { ...others, pushConfig: { pushEndpoint: 'https://audit.example.com/' } };
    expect(judgePush([bare], { ...expected, syncUrls: undefined })).toMatchObject([{ verdict: 'unknown' }]);
  });

  test('is updated with its account and audience, and replaced without losing a message', () => {
    const oidcToken = { serviceAccountEmail: 'invoker@example.com', audience: 'https://sync.example.com' };
    const bare = { ...good, pushConfig: { pushEndpoint: 'https://sync.example.com/', oidcToken } };
    const endpoint = 'https://sync.example.com/projects/p/topics/calendar-notifications';
    expect(judgePush([bare], expected)[0]?.fix).toBe(
      `gcloud pubsub subscriptions update calendar-sync --project=p --push-endpoint=${endpoint} --push-auth-service-account=invoker@example.com --push-auth-token-audience=https://sync.example.com`,
    );
    const [unordered] = judgePush([{ ...good, enableMessageOrdering: false }], expected);
    expect(unordered?.fix).toMatch(
      /create calendar-sync-ordered .*-account=invoker@example.com .* then gcloud pubsub subscriptions delete calendar-sync --project=p$/,
    );
  });

  test('is judged by the defaults for fields that a response omits', () => {
    const { ackDeadlineSeconds: _, expirationPolicy: __, enableMessageOrdering: ___, ...rest } = good;
    expect(judgePush([rest], expected).map(({ says }) => says)).toEqual([
      expect.stringContaining('no message ordering'),
      expect.stringContaining('push deadline of 10 s'),
      expect.stringContaining('expires'),
    ]);
  });

  test.each([
    ['no push subscription', [pull], /no subscription pushes/, /subscriptions create calendar-sync/],
    ['a push to others only', [others], /no subscription pushes/, /subscriptions create calendar-sync/],
    [
      'a second push to sync',
      [good, { ...good, name: 'projects/p/subscriptions/copy', expirationPolicy: null }],
      /^calendar-sync, copy all push to sync/,
      /^keep calendar-sync: gcloud pubsub subscriptions delete copy --project=p$/,
    ],
    [
      'a push without ordering',
      [{ ...good, enableMessageOrdering: false }],
      /no message ordering/,
      /--enable-message-ordering/,
    ],
    ['a short push deadline', [{ ...good, ackDeadlineSeconds: 10 }], /10 s/, /--ack-deadline=600/],
    [
      'a push without a service account',
      [{ ...good, pushConfig: { ...good.pushConfig, oidcToken: null } }],
      /without a service account/,
      /--push-auth-service-account/,
    ],
    [
      'a path without the topic',
      [{ ...good, pushConfig: { ...good.pushConfig, pushEndpoint: 'https://sync.example.com/' } }],
      /does not name the topic/,
      /--push-endpoint/,
    ],
    [
      'a push without a dead-letter topic',
      [{ ...good, deadLetterPolicy: null }],
      /no dead-letter topic/,
      /--dead-letter-topic=projects.p.topics.calendar-dead-letters/,
    ],
    [
      'another dead-letter topic',
      [{ ...good, deadLetterPolicy: { deadLetterTopic: 'projects/p/topics/other' } }],
      /no dead-letter topic/,
      /--dead-letter-topic/,
    ],
    [
      'an expiration',
      [{ ...good, expirationPolicy: { ttl: { seconds: 2_678_400 } } }],
      /expires/,
      /--expiration-period=never/,
    ],
  ])('%s is wrong', (_, subscriptions, says, fix) => {
    expect(judgePush(subscriptions, expected)).toEqual([
      {
        what: 'push to sync',
        verdict: 'wrong',
        says: expect.stringMatching(says),
        fix: expect.stringMatching(fix),
      },
    ]);
  });

  test('a dead-letter subscription that expires is wrong, except on emulators', () => {
    const reader = { ...pull, expirationPolicy: { ttl: { seconds: 1 } } };
    expect(judgeReader([reader], 'other', expected)).toMatchObject({
      verdict: 'wrong',
      fix: expect.stringContaining('never'),
    });
    expect(judgeReader([reader], 'other', { ...expected, isEmulated: true })).toMatchObject({
      verdict: 'well',
    });
  });
});
