/** The console's page, and what a browser may do on it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** The page and its Content-Security-Policy. */
interface Page {
  readonly html: string;
  readonly policy: string;
}

let loading: Promise<Page> | undefined;

/** Returns the page: the built file in the package, or in a clone what is built from the sources. */
export function loadPage(): Promise<Page> {
  loading ??= read().then((html) => ({ html, policy: policyOf(html) }));
  return loading;
}

/** The command line's bundle is in `dist/cli`, beside `dist/console.html`. */
async function read(): Promise<string> {
  try {
    return await readFile(new URL('../console.html', import.meta.url), 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    const { bundlePage } = await import('../../build/console-page.ts');
    return bundlePage();
  }
}

/** Nothing but the page's own script and style runs, and it calls no other server. */
function policyOf(html: string): string {
  return [
    "default-src 'self'",
    `script-src ${hashOf(html, 'script')}`,
    `style-src ${hashOf(html, 'style')}`,
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
