import { createHash } from 'node:crypto';

import type { HttpReply } from '../protocol/exchange.ts';
import { baseStyle } from '../page/style.ts';

/** The pages of the authorization endpoint, without scripts. */

const style = `${baseStyle}
form { display: grid; gap: 20px; }
fieldset { display: grid; gap: 8px; }
legend { margin-bottom: 8px; }
label.choice { display: flex; align-items: flex-start; gap: 10px; min-height: 24px; cursor: pointer; }
label.choice > input { margin-top: 2px; }
fieldset:has([value='other']:not(:checked)) > .field { display: none; }
.row > button { flex: 1; min-height: 40px; }
`;

/** No script, no other host, and in no frame. Without `form-action`, which browsers also apply to the redirect that follows. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Escapes text for HTML, also within quoted attributes. */
const html = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

function page(status: number, title: string, content: string): HttpReply {
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main class="sheet">
<p class="brand">Calendar emulator</p>
<h1>${html(title)}</h1>
${content}
</main>
</body>
</html>
`;
  return {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': CONTENT_SECURITY_POLICY,
      // The URL and the form contain secrets. The origin alone tells the form of this page from a foreign one.
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
    },
    body,
  };
}

/** Returns the page for a request that cannot be answered to its application. */
export const errorPage = (status: number, code: string, description: string): HttpReply =>
  page(
    status,
    'Access blocked: authorization error',
    `<p class="error">${html(description)}</p>
<p class="muted mono">Error ${String(status)}: ${html(code)}</p>`,
  );

export interface ConsentQuestion {
  /** The path that the form is sent to. */
  readonly action: string;
  /** Names this question once. */
  readonly id: string;
  readonly clientName: string;
  readonly users: readonly string[];
  /** The account that is chosen at first. */
  readonly chosen: string | undefined;
  readonly scopes: readonly { readonly scope: string; readonly words: string; readonly optional: boolean }[];
  /** What was wrong with the previous answer. */
  readonly problem?: string;
}

/** The value of the choice "another account". */
export const OTHER = 'other';

/** Returns the page on which a user chooses an account, and allows or denies. */
export function consentPage(question: ConsentQuestion): HttpReply {
  const { id, action, clientName, users, chosen, scopes, problem } = question;
  const isKnown = chosen !== undefined && users.includes(chosen);
  const choice = (value: string, words: string, checked: boolean): string =>
    `<label class="choice"><input type="radio" name="user" value="${html(value)}" required${checked ? ' checked' : ''}> <span>${html(words)}</span></label>`;
  const accounts = [
    ...users.map((user, index) =>
      choice(user, user, isKnown ? user === chosen : chosen === undefined && index === 0),
    ),
    choice(OTHER, 'Another account', chosen === undefined ? users.length === 0 : !isKnown),
  ];
  const access = scopes.map(({ scope, words, optional }) =>
    optional
      ? `<label class="choice"><input type="checkbox" name="scope" value="${html(scope)}" checked> <span>${html(words)}</span></label>`
      : `<label class="choice"><input type="checkbox" checked disabled> <span>${html(words)}</span></label>`,
  );
  return page(
    problem === undefined ? 200 : 400,
    `${clientName} wants to access your Google Account`,
    `${problem === undefined ? '' : `<p class="error" role="alert">${html(problem)}</p>`}
<form method="post" action="${html(action)}">
<input type="hidden" name="id" value="${html(id)}">
<fieldset>
<legend>Choose an account</legend>
${accounts.join('\n')}
<label class="field"><span>Address of another account</span>
<input type="email" name="address" autocomplete="off" spellcheck="false" value="${html(isKnown ? '' : (chosen ?? ''))}"></label>
</fieldset>
<fieldset>
<legend>This will allow ${html(clientName)} to</legend>
${access.join('\n')}
</fieldset>
<div class="row">
<button name="decision" value="allow" class="primary">Allow</button>
<button name="decision" value="deny" formnovalidate>Deny</button>
</div>
</form>
<p class="muted">This is an emulator. No password is needed, and no Google Account is touched.</p>`,
  );
}
