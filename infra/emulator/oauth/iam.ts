import * as z from 'zod';

import { canonicalAddress } from '../protocol/address.ts';
import { describeIssues, parseJson } from '../protocol/body.ts';
import { bearerOf, type HttpReply, type HttpRequest, jsonReply } from '../protocol/exchange.ts';
import type { Clock } from '../state/clock.ts';
import type { Register } from './clients.ts';
import type { Grants } from './grants.ts';
import type { Keys } from './keys.ts';
import { readScopes } from './scopes.ts';

/**
 * Two methods of IAM Credentials, with which applications use a service account without a key of their own.
 * @see https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts
 */

const PATH =
  /^\/v1\/projects\/[\w-]+\/serviceAccounts\/([\w.-]+(?:@|%40)[\w.-]+):(signJwt|generateAccessToken)$/;

const SignRequest = z.object({ payload: z.string() });
const TokenRequest = z.object({
  scope: z.array(z.string()).min(1),
  /** A duration as protocol buffers write it. */
  lifetime: z
    .string()
    .regex(/^\d{1,5}s$/)
    .default('3600s'),
});

const problem = (code: number, status: string, message: string): HttpReply =>
  jsonReply(code, { error: { code, message, status } });
const invalid = (message: string): HttpReply => problem(400, 'INVALID_ARGUMENT', message);

const MAX_LIFETIME_SECONDS = 3600;

export interface IamDeps {
  readonly register: Register;
  readonly grants: Grants;
  readonly keys: Keys;
  readonly clock: Clock;
}

/** Returns whether a path is that of one of the methods. */
export const isIamPath = (path: string): boolean => PATH.test(path);

/** Returns the handler of both methods. */
export function createIam({ register, grants, keys, clock }: IamDeps) {
  async function signJwt(body: unknown): Promise<HttpReply> {
    const request = SignRequest.safeParse(body);
    const claims = z
      .record(z.string(), z.unknown())
      .safeParse(request.success ? parseJson(request.data.payload) : undefined);
    if (!claims.success) return invalid('The payload is not a JSON object.');
    const { kid, jwt } = await keys.sign(claims.data);
    return jsonReply(200, { keyId: kid, signedJwt: jwt });
  }

  async function generateAccessToken(email: string, body: unknown): Promise<HttpReply> {
    const request = TokenRequest.safeParse(body);
    if (!request.success) return invalid(describeIssues(request.error));
    const { valid, invalid: unknown } = await readScopes(request.data.scope.join(' '));
    if (unknown.length > 0) return invalid(`Invalid scope: ${unknown.join(', ')}`);
    const seconds = Number.parseInt(request.data.lifetime, 10);
    if (seconds > MAX_LIFETIME_SECONDS) return invalid('The lifetime must not exceed 3600 seconds.');
    const accessToken = grants.issueAccessToken(
      { clientId: email, user: email, scopes: valid },
      false,
      seconds,
    );
    return jsonReply(200, { accessToken, expireTime: new Date(clock.now() + seconds * 1000).toISOString() });
  }

  return async (http: HttpRequest): Promise<HttpReply> => {
    const [, name = '', method] = PATH.exec(http.url.pathname) ?? [];
    // Any caller may use any account: roles are not emulated.
    if (bearerOf(http) === undefined)
      return problem(401, 'UNAUTHENTICATED', 'Request is missing required authentication credential.');
    const email = canonicalAddress(decodeURIComponent(name));
    if (register.strict && !register.serviceAccounts.has(email))
      return problem(404, 'NOT_FOUND', `Service account ${email} does not exist.`);
    const body = parseJson(http.body);
    return method === 'signJwt' ? signJwt(body) : generateAccessToken(email, body);
  };
}
