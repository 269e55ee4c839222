import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTrace, traceFields } from '../../../../functions/runtime/trace.ts';
import { anyCharacter } from '../../../support/any-character.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const traceparent = `00-${TRACE}-${SPAN}-01`;

describe('the trace of a request', () => {
  test.each([
    ['traceparent', { traceparent }, { traceId: TRACE, spanId: SPAN, sampled: true }],
    [
      'a traceparent that is not sampled',
      { traceparent: traceparent.replace(/1$/, '2') },
      { sampled: false },
    ],
    [
      'a traceparent of a later version',
      { traceparent: `cc${traceparent.slice(2)}-more` },
      { traceId: TRACE },
    ],
    [
      'Google’s header, whose span is decimal',
      { 'x-cloud-trace-context': `${TRACE.toUpperCase()}/74;o=1` },
      { traceId: TRACE, spanId: '000000000000004a', sampled: true },
    ],
    [
      'Google’s header without a span',
      { 'x-cloud-trace-context': TRACE },
      { traceId: TRACE, spanId: undefined, sampled: false },
    ],
    [
      'the standard header if both are there',
      { traceparent, 'x-cloud-trace-context': `${'f'.repeat(32)}/1` },
      { traceId: TRACE },
    ],
    [
      'Google’s header if the standard one is malformed',
      { traceparent: '00-x', 'x-cloud-trace-context': `${TRACE}/1` },
      { traceId: TRACE, spanId: '0000000000000001' },
    ],
  ])('is read from %s', (_, headers, trace) => {
    expect(readTrace(headers)).toMatchObject(trace);
  });

  test.each([
    ['nothing', {}],
    ['a trace of zeros', { traceparent: traceparent.replace(TRACE, '0'.repeat(32)) }],
    ['a span of zeros', { traceparent: traceparent.replace(SPAN, '0'.repeat(16)) }],
    ['a forbidden version', { traceparent: `ff${traceparent.slice(2)}` }],
    ['a trace that is too short', { 'x-cloud-trace-context': 'abc/1' }],
    ['a repeated header', { traceparent: [traceparent, traceparent] }],
  ])('is undefined with %s', (_, headers) => {
    expect(readTrace(headers)).toBeUndefined();
  });

  test('is well-formed for Cloud Logging, for any headers', () => {
    const part = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.string({
        unit: fc.constantFrom('0', '1', '9', 'a', 'f', 'F', '/', '-', ';', 'o', '='),
        maxLength: 80,
      }),
      fc
        .tuple(fc.constant(TRACE), fc.bigInt({ min: 0n, max: 10n ** 21n }))
        .map(([trace, span]) => `${trace}/${span};o=1`),
    );
    fc.assert(
      fc.property(part, part, (standard, cloud) => {
        const trace = readTrace({ traceparent: standard, 'x-cloud-trace-context': cloud });
        if (trace === undefined) return;
        expect(trace.traceId).toMatch(/^[\da-f]{32}$/);
        expect(trace.spanId ?? SPAN).toMatch(/^[\da-f]{16}$/);
      }),
    );
  });

  test('is named in full in a log entry', () => {
    expect(traceFields('p', readTrace({ traceparent }))).toEqual({
      'logging.googleapis.com/trace': `projects/p/traces/${TRACE}`,
      'logging.googleapis.com/spanId': SPAN,
      'logging.googleapis.com/trace_sampled': true,
    });
    expect(traceFields('p', undefined)).toEqual({});
  });
});
