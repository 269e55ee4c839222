/** Answers of the stand-ins. */

/** The access token of the function's own service account, and of the operator. */
export const AMBIENT_TOKEN = 'ambient-token-of-the-function';

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export const reply = (status: number, body: unknown): Reply => ({ status, body });

/** An error of Google's APIs. https://cloud.google.com/apis/design/errors#http_mapping */
export const apiError = (code: number, status: string, message = `it says ${status}`): Reply =>
  reply(code, { error: { code, status, message } });
