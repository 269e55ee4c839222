/** Finds links in text that others wrote: plain or HTML, also links wrapped by mail filters. Takes linear time. */

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi;

/** Decodes the entities that occur in links, and around them. */
const decodeEntities = (text: string): string =>
  text.replaceAll(ENTITY, (entity, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? entity;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
  });

/** What may be a link: text without the characters that surround links, those of Chinese and Japanese among them. */
const WORD =
  /[^\s<>"'`()[\]{}|\\^\p{Cc}\u2018-\u201F\u2026\u3000-\u303F\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65]+/gu;
/** In characters; wrapped links of invitations have some 2,000. Node takes quadratic time to parse a query of many parameters. */
const LONGEST_LINK = 8192;
/** Ends a sentence, or emphasis, rather than a link. */
const AFTER = '.,;:!?*~';

function withoutEnd(word: string): string {
  let end = word.length;
  while (end > 0 && AFTER.includes(word.charAt(end - 1))) end -= 1;
  return word.slice(0, end);
}

/**
 * Parses an `https` URL as browsers do. Undefined if it has a user name or a port, which the links of providers never have and false
 * ones do: `https://zoom.us@evil.example`.
 */
export function safeUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.port !== '')
    return undefined;
  return url;
}

/**
 * Returns the links in a text, in their order. A link may come without its scheme (`zoom.us/j/1`) if `isKnownHost` knows its host.
 */
export function* linksIn(text: string, isKnownHost: (hostname: string) => boolean): Generator<URL> {
  for (const [found] of decodeEntities(text).matchAll(WORD)) {
    if (found.length > LONGEST_LINK) continue;
    const word = withoutEnd(found);
    const start = word.search(/https:\/\//i);
    const bare = start < 0 && isKnownHost(word.slice(0, Math.max(0, word.indexOf('/'))));
    const url = start >= 0 ? safeUrl(word.slice(start)) : bare ? safeUrl(`https://${word}`) : undefined;
    if (url !== undefined) yield unwrapped(url);
  }
}

/** How often a link may be wrapped. */
const MOST_WRAPPINGS = 3;

/** Returns the link that mail filters, or Google, have wrapped, or else the link itself. */
function unwrapped(url: URL): URL {
  let link = url;
  for (let depth = 0; depth < MOST_WRAPPINGS; depth += 1) {
    const inner = safeUrl(wrappedIn(link) ?? '');
    if (inner === undefined) return link;
    link = inner;
  }
  return link;
}

const isUnder = (hostname: string, domain: string): boolean =>
  hostname === domain || hostname.endsWith(`.${domain}`);

/** Domains that forward to the link in a parameter. */
const FORWARDING = [
  ['google.com', '/url', ['q', 'url']],
  ['safelinks.protection.outlook.com', '/', ['url']],
  ['safelinks.protection.office365.us', '/', ['url']],
  ['linkprotect.cudasvc.com', '/url', ['a']],
  ['slack-redir.net', '/link', ['url']],
] as const;

/** Returns the link that another one forwards to; undefined if it does not. */
function wrappedIn(url: URL): string | undefined {
  const { hostname, pathname, href } = url;
  if (hostname === 'urldefense.proofpoint.com' && pathname.startsWith('/v2/')) {
    // The link with `-` for `%`, and `_` for `/`.
    return decoded((url.searchParams.get('u') ?? '').replaceAll('-', '%').replaceAll('_', '/'));
  }
  if (hostname === 'urldefense.com' && pathname.startsWith('/v3/__')) {
    const [, link] = href.split('__');
    return link;
  }
  const [, , names = []] =
    FORWARDING.find(([domain, path]) => isUnder(hostname, domain) && pathname === path) ?? [];
  return names.map((name) => url.searchParams.get(name)).find((link) => link !== null) ?? undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
