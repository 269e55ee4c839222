/** A page in one HTML file, with its script and style inline, and what a browser may do on it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** The page and its Content-Security-Policy. */
export interface PageHtml {
  readonly html: string;
  readonly policy: string;
}

interface PageOptions {
  /** The built file, which only a package has. */
  readonly built: URL;
  /** Builds the page from its sources. */
  readonly bundle: () => Promise<string>;
  /** Directives for what the page loads besides its own script and style, such as `default-src 'none'`. */
  readonly directives: readonly string[];
}

/** Returns a function that loads a page once: the built file, or in a clone what is built from the sources. */
export function pageLoader({ built, bundle, directives }: PageOptions): () => Promise<PageHtml> {
  let loading: Promise<PageHtml> | undefined;
  const load = async (): Promise<PageHtml> => {
    const html = (await readIfBuilt(built)) ?? (await bundle());
    return { html, policy: policyOf(html, directives) };
  };
  return () => (loading ??= load());
}

async function readIfBuilt(file: URL): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Nothing but the page's own script and style runs. */
function policyOf(html: string, directives: readonly string[]): string {
  return [
    ...directives,
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
