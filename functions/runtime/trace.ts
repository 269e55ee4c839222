import { AsyncLocalStorage } from 'node:async_hooks';

import { onRequest } from './requests.ts';

/**
 * The trace of the current request, which links log entries to it: https://cloud.google.com/trace/docs/trace-log-integration
 * A function of signature `cloudevent` never sees the request, and libraries write to the console; so the trace is kept in the
 * asynchronous context of each request.
 */

export interface Trace {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string | undefined;
  readonly sampled: boolean;
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const SPAN_IDS = 2n ** 64n;

/** Parses `00-<trace>-<span>-<flags>`, where ids of zeros are invalid: https://www.w3.org/TR/trace-context/#traceparent-header */
function fromTraceparent(value: string): Trace | undefined {
  const [, traceId = '', spanId = '', flags = ''] =
    /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:-.*)?$/.exec(value) ?? [];
  if (traceId === '') return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Parses Google's `<trace>/<span in decimal>;o=<options>`, of which only the trace is required. */
function fromCloudTraceContext(value: string): Trace | undefined {
  const [, traceId, span, options] =
    /^(?!0{32})([\da-f]{32})(?:\/(\d{1,20}))?(?:;o=(\d))?$/i.exec(value) ?? [];
  if (traceId === undefined) return undefined;
  const id = BigInt(span ?? 0);
  const spanId = id > 0n && id < SPAN_IDS ? id.toString(16).padStart(16, '0') : undefined;
  return { traceId: traceId.toLowerCase(), spanId, sampled: options === '1' };
}

/** Returns the trace of a request from its headers, the standard one first; undefined if neither is well-formed. */
export function readTrace(headers: Headers): Trace | undefined {
  const { traceparent, 'x-cloud-trace-context': cloud } = headers;
  const standard = typeof traceparent === 'string' ? fromTraceparent(traceparent) : undefined;
  return standard ?? (typeof cloud === 'string' ? fromCloudTraceContext(cloud) : undefined);
}

/** Returns the fields that link a log entry to a trace: https://cloud.google.com/logging/docs/structured-logging#special-payload-fields */
export function traceFields(projectId: string, trace: Trace | undefined) {
  if (trace === undefined) return {};
  return {
    'logging.googleapis.com/trace': `projects/${projectId}/traces/${trace.traceId}`,
    'logging.googleapis.com/spanId': trace.spanId,
    'logging.googleapis.com/trace_sampled': trace.sampled,
  };
}

/** Tracks the trace of every request, and returns a getter for the current one. Call it once, before the framework starts to serve. */
export function trackTraces(): () => Trace | undefined {
  const current = new AsyncLocalStorage<Trace | undefined>();
  // Also for a request without a trace: its connection may have served another before.
  onRequest(({ headers }) => current.enterWith(readTrace(headers)));
  return () => current.getStore();
}
