import type { HttpReply, HttpRequest, Site } from '../protocol/exchange.ts';
import { type AuthorizationDeps, createAuthorization, DECISION_PATH } from './authorization.ts';
import { createAssertions } from './assertion.ts';
import { createIam, isIamPath } from './iam.ts';
import { createInspection, type InspectionDeps } from './inspection.ts';
import { observed, type Observers } from './observed.ts';
import { createOpenId, type Issuer } from './openid.ts';
import { jsonReply } from '../protocol/exchange.ts';
import { OAuthError } from './replies.ts';
import { createTokenEndpoint } from './token.ts';

/** The paths of accounts.google.com, oauth2.googleapis.com, www.googleapis.com and others that sign-in needs, all on one host. */

interface SiteDeps extends Omit<AuthorizationDeps, 'issuer'>, InspectionDeps, Observers {
  readonly issuer: Issuer;
}

type Handler = (http: HttpRequest) => HttpReply | Promise<HttpReply>;

const versions = (path: string): readonly string[] =>
  ['v1', 'v2', 'v3'].map((version) => `/oauth2/${version}/${path}`);

interface Operation {
  /** For faults and the journal. */
  readonly name: string;
  readonly methods: Readonly<Partial<Record<string, Handler>>>;
}

const each = (
  paths: readonly string[],
  name: string,
  methods: Operation['methods'],
): readonly (readonly [string, Operation])[] => paths.map((path) => [path, { name, methods }] as const);

const iamOperation = (path: string, iam: Handler): Operation | undefined =>
  isIamPath(path) ? { name: 'iam', methods: { POST: iam } } : undefined;

async function answer(http: HttpRequest, methods: Operation['methods']): Promise<HttpReply> {
  const handler = methods[http.method];
  if (handler === undefined) {
    const Allow = Object.keys(methods).join(', ');
    return new OAuthError(405, 'invalid_request', `Use ${Allow} here.`).reply({ Allow });
  }
  try {
    return await handler(http);
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    const isBasic = error.status === 401 && /^Basic /i.test(http.headers['authorization'] ?? '');
    return error.reply(isBasic ? { 'WWW-Authenticate': 'Basic realm="https://accounts.google.com/"' } : {});
  }
}

/** Returns what answers the paths of sign-in. `reset` forgets the questions that wait for an answer. */
export function createSite(deps: SiteDeps): { readonly site: Site; readonly reset: () => void } {
  const { register, grants, keys, clock, accounts, now } = deps;
  const openId = createOpenId(keys, deps.issuer, now);
  const authorization = createAuthorization({ ...deps, issuer: openId.issuer });
  const isAccount = (user: string): boolean => accounts.list().includes(user);
  const assertions = createAssertions({ register, keys, isAccount, now });
  const token = createTokenEndpoint({ register, grants, openId, assertions });
  const { revoke, tokenInfo, userInfo } = createInspection(deps);
  const iam = createIam({ register, grants, keys, clock });

  const jwks: Handler = async () => jsonReply(200, await keys.jwks());
  const certificates: Handler = async () => jsonReply(200, await keys.certificates());

  const paths = new Map<string, Operation>([
    ...each(['/o/oauth2/v2/auth', '/o/oauth2/auth', '/o/oauth2/v1/auth'], 'authorize', {
      GET: authorization.reply,
    }),
    ...each([DECISION_PATH], 'decide', { POST: authorization.reply }),
    ...each(['/token', '/o/oauth2/token', '/oauth2/v3/token', '/oauth2/v4/token'], 'token', { POST: token }),
    ...each(['/revoke'], 'revoke', { POST: revoke }),
    ...each(['/o/oauth2/revoke'], 'revoke', { GET: revoke, POST: revoke }),
    ...each(['/tokeninfo', ...versions('tokeninfo')], 'tokeninfo', { GET: tokenInfo, POST: tokenInfo }),
    ...each(['/v1/userinfo', ...versions('userinfo')], 'userinfo', { GET: userInfo, POST: userInfo }),
    ...each(['/.well-known/openid-configuration'], 'configuration', {
      GET: (http) => jsonReply(200, openId.configuration(http)),
    }),
    ...each(['/oauth2/v1/certs'], 'certs', { GET: certificates }),
    ...each(['/oauth2/v2/certs', '/oauth2/v3/certs'], 'certs', { GET: jwks }),
  ]);

  const site: Site = async (http) => {
    const operation = paths.get(http.url.pathname) ?? iamOperation(http.url.pathname, iam);
    if (operation === undefined) return undefined;
    return observed(http, `oauth.${operation.name}`, () => answer(http, operation.methods), deps);
  };
  return { site, reset: authorization.reset };
}
