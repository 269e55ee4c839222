import { AsyncLocalStorage } from 'node:async_hooks';

import { onRequest } from './requests.ts';

/**
 * The trace that a request belongs to, so that Cloud Logging shows its entries beside it ("Link log entries with traces"). A function
 * of signature `cloudevent` never sees a request, and what a library writes to the console belongs to one as well: so Node tells
 * of each request, and its asynchronous context keeps the trace for as long as the request takes.
 */

export interface Trace {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string | undefined;
  readonly sampled: boolean;
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const MOST_SPAN = 2n ** 64n;

/** W3C Trace Context: `00-<trace>-<span>-<flags>`. All zeros are none. */
function fromTraceparent(value: string): Trace | undefined {
  const [, traceId = '', spanId = '', flags = ''] =
    /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:-.*)?$/.exec(value) ?? [];
  if (traceId === '') return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Google's own: `<trace>/<span in decimal>;o=<options>`, of which the trace alone must be there. */
function fromCloudTraceContext(value: string): Trace | undefined {
  const [, traceId, span, options] =
    /^(?!0{32})([\da-f]{32})(?:\/(\d{1,20}))?(?:;o=(\d))?$/i.exec(value) ?? [];
  if (traceId === undefined) return undefined;
  const id = BigInt(span ?? 0);
  const spanId = id > 0n && id < MOST_SPAN ? id.toString(16).padStart(16, '0') : undefined;
  return { traceId: traceId.toLowerCase(), spanId, sampled: options === '1' };
}

/** The trace that a request's headers name, by whichever of the two names one. What is malformed is none. */
export function readTrace(headers: Headers): Trace | undefined {
  const { traceparent, 'x-cloud-trace-context': cloud } = headers;
  const standard = typeof traceparent === 'string' ? fromTraceparent(traceparent) : undefined;
  return standard ?? (typeof cloud === 'string' ? fromCloudTraceContext(cloud) : undefined);
}

/** The special fields of a log entry that link it to a trace ("Structured logging: special JSON fields"). */
export function traceFields(projectId: string, trace: Trace | undefined) {
  if (trace === undefined) return {};
  return {
    'logging.googleapis.com/trace': `projects/${projectId}/traces/${trace.traceId}`,
    'logging.googleapis.com/spanId': trace.spanId,
    'logging.googleapis.com/trace_sampled': trace.sampled,
  };
}

/**
 * Follows the trace of every request from now on, and returns what tells the current one. To be called once, before the
 * framework starts to serve.
 */
export function followTraces(): () => Trace | undefined {
  const current = new AsyncLocalStorage<Trace | undefined>();
  // One without a trace as well: the connection may have served another before.
  onRequest(({ headers }) => current.enterWith(readTrace(headers)));
  return () => current.getStore();
}
