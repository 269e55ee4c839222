/** Errors as commands print them. */
import { describe, expect, test } from 'vitest';
import { explain } from '../../../../infra/cli/explain.ts';
import { Failure, UsageError } from '../../../../infra/cli/failure.ts';
import { fromNow, span } from '../../../../infra/terminal/times.ts';
import { ConfigurationError } from '../../../../functions/config.ts';
import { PublishError } from '../../../../functions/feed/envelope.ts';

const notPublished = (status: number, text: string) =>
  new PublishError(
    'topic',
    'key',
    Object.assign(new Error(`Pub/Sub answered ${status}: ${text}`), { status }),
  );
const grpc = (code: number, message: string) => Object.assign(new Error(message), { code });

test.each([
  ['a failure', new Failure('it broke', 'fix it'), 'it broke: fix it', 1],
  ['a usage error', new UsageError('unknown', 'see help'), 'unknown: see help', 2],
  ['an invalid variable', new ConfigurationError('POLL_SECONDS is wrong'), 'POLL_SECONDS is wrong', 2],
  [
    'no permission',
    grpc(7, '7 PERMISSION_DENIED: no'),
    '7 PERMISSION_DENIED: no: grant your account roles/',
    1,
  ],
  ['no permission to publish', notPublished(403, 'no'), 'answered 403: no: grant your account roles/', 1],
  ['no topic', notPublished(404, 'none'), 'answered 404: none: check --project', 1],
  ['an unknown status', notPublished(400, 'odd'), 'answered 400: odd: run it again', 1],
  [
    'a disabled API',
    grpc(
      7,
      '7 PERMISSION_DENIED: Cloud Firestore API has not been used in project 123456789012 before or it is',
    ),
    'enable firestore.googleapis.com pubsub.googleapis.com --project=123456789012',
    1,
  ],
  ['no network', grpc(14, '14 UNAVAILABLE: x'), '14 UNAVAILABLE: x: check the network', 1],
  ['no index', grpc(9, '9 x: The query requires an index.'), 'requires an index.: create it', 1],
  [
    'no credentials',
    new Error('Could not load the default credentials'),
    'run gcloud auth login --update-adc',
    1,
  ],
  ['many lines', new Error('one\n  two'), 'one two: ', 1],
  ['a thrown text', 'text', 'text: ', 1],
])('%s is one line that says what to do, with its exit code', (_, error, text, exitCode) => {
  const explained = explain(error);
  expect(explained.text).toContain(text);
  expect(explained.text).not.toContain('\n');
  expect(explained.exitCode).toBe(exitCode);
});

describe('a time', () => {
  test.each([
    [0, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [119 * 60_000, '119 min'],
    [2 * 3_600_000, '2 h'],
    [47 * 3_600_000, '47 h'],
    [6 * 86_400_000, '6 d'],
  ])('of %i ms is %s', (ms, text) => {
    expect(span(ms)).toBe(text);
  });

  test('is relative to now', () => {
    expect([fromNow(undefined, 0), fromNow(5_000, 0), fromNow(0, 5_000)]).toEqual([
      'never',
      'in 5 s',
      '5 s ago',
    ]);
  });
});
