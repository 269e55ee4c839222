/** Errors as whoever runs a command sees them. */
import { describe, expect, test } from 'vitest';
import { explain } from '../../../functions/cli/explain.ts';
import { Failure, WrongUse } from '../../../functions/cli/failure.ts';
import { fromNow, span } from '../../../functions/cli/times.ts';
import { ConfigurationError } from '../../../functions/config.ts';
import { NotPublished } from '../../../functions/feed/envelope.ts';

const notPublished = (status: number, said: string) =>
  new NotPublished(
    'topic',
    'key',
    Object.assign(new Error(`Pub/Sub answered ${status}: ${said}`), { status }),
  );
const grpc = (code: number, message: string) => Object.assign(new Error(message), { code });

test.each([
  ['a failure', new Failure('it broke', 'mend it'), 'it broke: mend it', 1],
  ['wrong use', new WrongUse('what is that', 'see help'), 'what is that: see help', 2],
  ['a wrong variable', new ConfigurationError('POLL_SECONDS is wrong'), 'POLL_SECONDS is wrong', 2],
  ['no right', grpc(7, '7 PERMISSION_DENIED: no'), '7 PERMISSION_DENIED: no: you need roles/', 1],
  ['no right to publish', notPublished(403, 'no'), 'answered 403: no: you need roles/', 1],
  ['no topic', notPublished(404, 'none'), 'answered 404: none: check --project', 1],
  ['a refusal like no other', notPublished(400, 'odd'), 'answered 400: odd: run it again', 1],
  ['no network', grpc(14, '14 UNAVAILABLE: x'), '14 UNAVAILABLE: x: check the network', 1],
  ['no index', grpc(9, '9 x: The query requires an index.'), 'requires an index.: create it', 1],
  [
    'no login',
    new Error('Could not load the default credentials'),
    'run gcloud auth application-default login',
    1,
  ],
  ['many lines', new Error('one\n  two'), 'one two: ', 1],
  ['no error at all', 'text', 'text: ', 1],
])('%s is one line that says what to do, and has its exit code', (_, error, text, exitCode) => {
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
  ])('of %i ms is %s', (ms, words) => {
    expect(span(ms)).toBe(words);
  });

  test('is told from now', () => {
    expect([fromNow(undefined, 0), fromNow(5_000, 0), fromNow(0, 5_000)]).toEqual([
      'never',
      'in 5 s',
      '5 s ago',
    ]);
  });
});
