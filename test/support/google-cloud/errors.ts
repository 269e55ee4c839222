/** Errors in the form of Google Cloud's APIs. https://cloud.google.com/apis/design/errors#error_model */

/** Codes of google.rpc.Code with their HTTP status. https://cloud.google.com/apis/design/errors#handling_errors */
const STATUS = {
  INVALID_ARGUMENT: { http: 400, rpc: 3 },
  FAILED_PRECONDITION: { http: 400, rpc: 9 },
  UNAUTHENTICATED: { http: 401, rpc: 16 },
  PERMISSION_DENIED: { http: 403, rpc: 7 },
  NOT_FOUND: { http: 404, rpc: 5 },
  ALREADY_EXISTS: { http: 409, rpc: 6 },
  ABORTED: { http: 409, rpc: 10 },
  CONDITION_NOT_MET: { http: 412, rpc: 9 },
  UNIMPLEMENTED: { http: 501, rpc: 12 },
} as const;

export class CloudError extends Error {
  readonly status: keyof typeof STATUS;
  readonly details: readonly object[];
  /** The older form's reason. https://cloud.google.com/storage/docs/json_api/v1/status-codes */
  readonly reason: string | undefined;

  constructor(
    status: keyof typeof STATUS,
    message: string,
    details: readonly object[] = [],
    reason?: string,
  ) {
    super(message);
    this.name = 'CloudError';
    this.status = status;
    this.details = details;
    this.reason = reason;
  }

  /** The HTTP status. */
  get http(): number {
    return STATUS[this.status].http;
  }

  /** The body of a response. */
  body(): object {
    const { http, status, message, details, reason } = this;
    const errors = reason === undefined ? [] : [{ message, domain: 'usageLimits', reason }];
    return {
      error: {
        code: http,
        message,
        status,
        ...(errors.length > 0 && { errors }),
        ...(details.length > 0 && { details }),
      },
    };
  }

  /** The `error` of an operation, a google.rpc.Status. */
  rpc(): object {
    return { code: STATUS[this.status].rpc, message: this.message };
  }
}

export const invalid = (message: string): CloudError => new CloudError('INVALID_ARGUMENT', message);

export const notFound = (name: string): CloudError =>
  new CloudError('NOT_FOUND', `Resource '${name}' was not found`);

export const alreadyExists = (name: string): CloudError =>
  new CloudError('ALREADY_EXISTS', `Resource '${name}' already exists`);

/** https://cloud.google.com/service-usage/docs/troubleshooting: the reason SERVICE_DISABLED */
export function serviceDisabled(host: string, number: string): CloudError {
  const link = `https://console.developers.google.com/apis/api/${host}/overview?project=${number}`;
  const message =
    `${host} has not been used in project ${number} before or it is disabled. Enable it by visiting ${link} then retry. ` +
    'If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.';
  const details = [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'SERVICE_DISABLED',
      domain: 'googleapis.com',
      metadata: { service: host, consumer: `projects/${number}` },
    },
  ];
  return new CloudError('PERMISSION_DENIED', message, details, 'accessNotConfigured');
}
