import type { HttpRequest } from '../protocol/exchange.ts';
import { isLoopback } from '../protocol/host.ts';
import type { Client, ServiceAccount } from './records.ts';
import { invalidRequest, OAuthError } from './replies.ts';

/**
 * Which clients and service accounts exist. By default any client is accepted; those that are registered are checked as Google checks
 * its own.
 */

type Parameters = Readonly<Record<string, string>>;

const notFound = (): OAuthError => new OAuthError(401, 'invalid_client', 'The OAuth client was not found.');
const mismatch = (): OAuthError => new OAuthError(400, 'redirect_uri_mismatch', 'Bad Request');

/** @param strict Whether clients and service accounts that are not registered are rejected. */
export function createRegister(strict: boolean) {
  const clients = new Map<string, Client>();
  const serviceAccounts = new Map<string, ServiceAccount>();

  /** Returns a client; one that is not registered has neither secret nor addresses to compare. @throws {OAuthError} */
  function find(clientId: string): Client & { readonly registered: boolean } {
    const registered = clients.get(clientId);
    if (registered === undefined && strict) throw notFound();
    return { clientId, ...registered, registered: registered !== undefined };
  }

  return {
    clients,
    serviceAccounts,
    strict,
    find,
    /**
     * Checks where the browser is to be sent.
     * @see https://developers.google.com/identity/protocols/oauth2/web-server#uri-validation
     * @throws {OAuthError} `redirect_uri_mismatch`
     */
    checkRedirect(clientId: string, redirectUri: string): void {
      const { registered, redirectUris } = find(clientId);
      if (redirectUris?.includes(redirectUri) === true) return;
      const url = URL.parse(redirectUri);
      const isPlain = url !== null && url.hash === '' && url.username === '' && url.password === '';
      if (redirectUris !== undefined || !isPlain) throw mismatch();
      const isOwnMachine = url.protocol === 'http:' && isLoopback(url.hostname);
      if (!isOwnMachine && (registered || url.protocol !== 'https:')) throw mismatch();
    },
    /**
     * Authenticates the client of a request to the token endpoint, by Basic or by its body.
     * @see https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
     * @throws {OAuthError} `invalid_client`, or `invalid_request` if it names none
     */
    authenticate(headers: HttpRequest['headers'], form: Parameters): Client {
      const [clientId, clientSecret] = basic(headers['authorization']) ?? [
        form['client_id'],
        form['client_secret'],
      ];
      if (clientId === undefined || clientId === '')
        throw invalidRequest('Could not determine client ID from request.');
      if ((form['client_id'] ?? clientId) !== clientId)
        throw invalidRequest(
          'The client of the Authorization header is not that of the parameter client_id.',
        );
      const { registered: _registered, ...client } = find(clientId);
      if (client.clientSecret !== undefined) {
        // https://github.com/googleapis/google-api-dotnet-client/issues/1827
        if (clientSecret === undefined) throw invalidRequest('client_secret is missing.');
        if (clientSecret !== client.clientSecret)
          throw new OAuthError(401, 'invalid_client', 'The provided client secret is invalid.');
      }
      return client;
    },
    /** Returns a service account. One that is not registered is undefined. @throws {OAuthError} if it has to be */
    serviceAccount(email: string): ServiceAccount | undefined {
      const account = serviceAccounts.get(email);
      if (account === undefined && strict)
        throw new OAuthError(400, 'invalid_grant', 'Invalid grant: account not found');
      return account;
    },
  };
}

export type Register = ReturnType<typeof createRegister>;

const decode = (text: string): string =>
  new URLSearchParams(`v=${text.replaceAll('&', '%26')}`).get('v') ?? '';

/** Parses `Authorization: Basic`, whose parts are form-encoded. @throws {OAuthError} if it is malformed */
function basic(header: string | undefined): readonly [string, string] | undefined {
  const encoded = /^Basic +(\S+)\s*$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  if (id === undefined || secret === undefined)
    throw invalidRequest('The Authorization header is malformed.');
  return [decode(id), decode(secret)];
}
