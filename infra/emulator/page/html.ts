/** The page at `/emulator/`, and what a browser may do on it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** The page and its Content-Security-Policy. */
export interface PageHtml {
  readonly html: string;
  readonly policy: string;
}

let loading: Promise<PageHtml> | undefined;

/** Returns the page: the file beside this module in the package, or in a clone what is built from the sources. */
export function loadPage(): Promise<PageHtml> {
  loading ??= read().then((html) => ({ html, policy: policyOf(html) }));
  return loading;
}

async function read(): Promise<string> {
  try {
    return await readFile(new URL('page.html', import.meta.url), 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    // Not a literal, so that those who bundle the package need not resolve a file that only a clone has.
    const sources = new URL('bundle.ts', import.meta.url).href;
    const { bundlePage }: { bundlePage: () => Promise<string> } = await import(sources);
    return bundlePage();
  }
}

/** Nothing but the page's own script and style runs, and it calls no other server. */
function policyOf(html: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(html, 'script')}`,
    `style-src ${hashOf(html, 'style')}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Returns the hash of the page's only element of this name, as a source of the policy. */
function hashOf(html: string, element: 'script' | 'style'): string {
  const from = html.indexOf(`<${element}>`) + element.length + 2;
  const text = html.slice(from, html.indexOf(`</${element}>`, from));
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
