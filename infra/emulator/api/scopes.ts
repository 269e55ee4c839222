/** Scopes by method: any one of those that the API definition names is enough. */
import { loadDefinition, methodsOf } from '../definition/definition.ts';
import { CalendarError } from '../protocol/http.ts';

/**
 * Checks that a token allows a method.
 * @param scopes what the caller's token allows; undefined for everything
 * @throws CalendarError 403 `insufficientPermissions`
 */
export async function requireScopes(method: string, scopes: ReadonlySet<string> | undefined): Promise<void> {
  if (scopes === undefined) return;
  // A method that the definition does not have was added by the emulator's user.
  const sufficient = (await scopesByMethod()).get(method);
  if (sufficient?.some((scope) => scopes.has(scope)) === false) throw insufficientScopes(method, sufficient);
}

let loaded: Promise<ReadonlyMap<string, readonly string[]>> | undefined;
const scopesByMethod = () =>
  (loaded ??= loadDefinition().then(
    (definition) => new Map([...methodsOf(definition).values()].map(({ id, scopes }) => [id, scopes])),
  ));

/** In the words of https://github.com/analogdotnow/Analog/issues/296. */
function insufficientScopes(method: string, sufficient: readonly string[]): CalendarError {
  const [resource = '', name = ''] = method.split('.').slice(1).map(capitalise);
  return new CalendarError(
    403,
    { message: 'Insufficient Permission', domain: 'global', reason: 'insufficientPermissions' },
    {
      message: 'Request had insufficient authentication scopes.',
      status: 'PERMISSION_DENIED',
      challenge: `error="insufficient_scope", scope="${sufficient.join(' ')}"`,
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
          domain: 'googleapis.com',
          metadata: { service: 'calendar-json.googleapis.com', method: `calendar.v3.${resource}.${name}` },
        },
      ],
    },
  );
}

const capitalise = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);
