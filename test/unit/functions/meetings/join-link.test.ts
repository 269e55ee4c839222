/** Where the link to join a meeting is found, and what does not pass for one. */
import * as fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { joinLink } from '../../../../functions/meetings/index.ts';

const MEET = 'https://meet.google.com/abc-defg-hij';
const ZOOM = 'https://zoom.us/j/98765432100';
const TEAMS = 'https://teams.live.com/meet/9312345678901';
const video = (uri: string) => ({ entryPointType: 'video', uri });

describe('a link to join', () => {
  test('is that of the conference data, then of the location, then of the description', () => {
    const event = {
      conferenceData: { entryPoints: [{ entryPointType: 'phone', uri: 'tel:+1-555-0100' }, video(MEET)] },
      hangoutLink: 'https://meet.google.com/zzz-zzzz-zzz',
      location: ZOOM,
      description: TEAMS,
    };
    const { conferenceData: _, ...withoutData } = event;
    const { hangoutLink: __, ...written } = withoutData;
    expect(joinLink(event)).toEqual({ provider: 'meet', url: MEET });
    expect(joinLink(withoutData)?.url).toBe(event.hangoutLink);
    expect(joinLink(written)).toEqual({ provider: 'zoom', url: ZOOM });
    expect(joinLink({ description: event.description })).toEqual({ provider: 'teams', url: TEAMS });
    expect(joinLink({ location: 'Room 5', description: TEAMS })?.url).toBe(TEAMS);
    expect(joinLink({ summary: ZOOM })).toBeNull();
  });

  test('of another provider is taken from conference data only', () => {
    const uri = 'https://video.acme.example/ana';
    expect(joinLink({ conferenceData: { entryPoints: [video(uri)] } })).toEqual({
      provider: 'other',
      url: uri,
    });
    expect(joinLink({ location: uri, description: uri })).toBeNull();
  });

  test('is found elsewhere while a conference is being created', () => {
    const createRequest = { requestId: 'x', status: { statusCode: 'pending' } };
    expect(joinLink({ conferenceData: { createRequest }, location: ZOOM })?.url).toBe(ZOOM);
  });

  test.each([
    [{ conferenceData: { entryPoints: [null, 1, { entryPointType: 'video' }, video('ftp://x')] } }],
    [{ conferenceData: 'x', hangoutLink: 1, location: {}, description: [] }],
    [{ conferenceData: { entryPoints: [video('javascript:alert(1)')] } }],
    [{ hangoutLink: 'https://user@meet.google.com/abc-defg-hij' }],
  ])('is not found in fields that are not what Google documents: %j', (event) => {
    expect(joinLink(event)).toBeNull();
  });
});

describe('in text, a link is found', () => {
  const Z = 'https://us02web.zoom.us/j/86123456789?pwd=a1b2&from=x';
  const wrapped = encodeURIComponent(Z);
  const v2 = encodeURIComponent(Z).replaceAll('%', '-');
  test.each([
    ['at the end of a sentence', `Join at ${Z}.`, Z],
    ['in angle brackets', `Join <${Z}>`, Z],
    ['in parentheses', `Our call (${Z}), as always`, Z],
    ['in bold Markdown', `**${Z}**`, Z],
    ['in Markdown', `[join](${Z})`, Z],
    ['after a word', `Link:${Z}`, Z],
    ['among Chinese punctuation', `会议链接：${Z}，密码：123`, Z],
    ['in entity-encoded HTML', `&lt;a href=&quot;${Z.replace('&', '&amp;')}&quot;&gt;join&lt;/a&gt;`, Z],
    ['in an attribute', `<a href='${Z.replace('&', '&#38;')}'>join</a>`, Z],
    ['with encoded slashes', `<a href="https:&#x2F;&#x2F;zoom.us&#x2F;j&#x2F;98765432100">join</a>`, ZOOM],
    ['without its scheme', 'zoom.us/j/98765432100, or by phone', ZOOM],
    ['in upper case', 'HTTPS://ZOOM.US/j/98765432100', ZOOM],
    ['wrapped by Google', `<a href="https://www.google.com/url?q=${wrapped}&amp;sa=D&amp;usg=AOv">x</a>`, Z],
    ['wrapped by Outlook', `https://eur01.safelinks.protection.outlook.com/?url=${wrapped}&data=05%7C02`, Z],
    ['wrapped by Proofpoint', `https://urldefense.com/v3/__${Z}__;!!abc$`, Z],
    ['wrapped by an older Proofpoint', `https://urldefense.proofpoint.com/v2/url?u=${v2}&d=DwMF&c=x`, Z],
    [
      'wrapped by Proofpoint as its documents say',
      'https://urldefense.proofpoint.com/v2/url?u=https-3A__zoom.us_j_98765432100-3Fpwd-3Da1&d=DwMF',
      `${ZOOM}?pwd=a1`,
    ],
    ['wrapped by Google, under its other name', `https://google.com/url?sa=t&url=${wrapped}`, Z],
    ['after entities of no character', `&#9999999; &#x110000; &#1114111; &unknown; ${Z}`, Z],
    ['wrapped by Barracuda', `https://linkprotect.cudasvc.com/url?a=${wrapped}&c=E,1`, Z],
    [
      'wrapped twice',
      `https://www.google.com/url?q=${encodeURIComponent(`https://nam12.safelinks.protection.outlook.com/?url=${wrapped}&data=1`)}`,
      Z,
    ],
    ['after links that join nothing', `https://acme.example/zoom.us/j/1 https://zoom.us/u/abc ${Z}`, Z],
  ])('%s', (_, text, url) => {
    expect(joinLink({ description: text })).toEqual({ provider: 'zoom', url });
    expect(joinLink({ location: text })?.url).toBe(url);
  });
});

const LOOKALIKES = [
  'https://zoom.us.evil.example/j/1234567890',
  'https://zoom.us@evil.example/j/1234567890',
  'https://zoom.us:pass@evil.example/j/1234567890',
  'https://:pass@zoom.us/j/1234567890',
  String.raw`https://evil.example\@zoom.us`,
  'https://evil.example/zoom.us/j/1234567890',
  'https://evil.example?https=zoom.us/j/1234567890',
  'https://evil.example#zoom.us/j/1234567890',
  'https://notzoom.us/j/1234567890',
  'https://zoom.us.:443.evil.example/j/1',
  'https://zoom.us./j/1234567890',
  'https://zoom.us:8443/j/1234567890',
  'https://zооm.us/j/1234567890',
  'https://xn--zm-fmca.us/j/1234567890',
  'https://zoom.us\u2024evil.example/j/1',
  'https://zoom.us%2eevil.example/j/1',
  'http://zoom.us/j/1234567890',
  'zoommtg://zoom.us/join?confno=1234567890',
  'javascript:zoom.us/j/1234567890',
  'mailto:ana@zoom.us/j/1234567890',
  'ana@zoom.us/j/1234567890',
  '//zoom.us/j/1234567890',
  'https://meet.google.com.evil.example/abc-defg-hij',
  'https://meet-google.com/abc-defg-hij',
  'https://google.com/abc-defg-hij',
  'https://www.google.com/url?q=https://zoom.us.evil.example/j/1',
  'https://www.google.com/url?q=javascript:alert(1)',
  'https://google.com.evil.example/url?q=https%3A%2F%2Fzoom.us%2Fj%2F1',
  'https://safelinks.protection.outlook.com.evil.example/?url=https%3A%2F%2Fzoom.us%2Fj%2F1',
  'https://urldefense.proofpoint.com/v2/url?u=https-3A__zoom.us-ZZ&d=x',
  'https://urldefense.proofpoint.com/v2/url?d=x',
  'https://urldefense.proofpoint.com/v1/url?u=https-3A__zoom.us_j_1',
  'https://urldefense.com/about?__https://zoom.us',
  'https://www.google.com/search?q=https%3A%2F%2Fzoom.us%2Fj%2F1',
  'https://www.google.com/url?sa=t',
];

test.each(LOOKALIKES)('a link that only looks like one is not returned: %j', (link) => {
  const event = { location: link, description: `<a href="${link}">https join</a> ${link}` };
  expect(joinLink(event)).toBeNull();
});

/** Pieces of links, hostile and not. */
const PIECES = [
  'https:// http:// zoom.us meet.google.com /j/ 123 /abc-defg-hij @ : :443 . \\ / ? # %2e %40 < "',
  'https://zoom.us https://zoom.us/j/1 https://meet.google.com &amp; &#64; &#x2f; evil.example ｚｏｏｍ 。 xn-- www.google.com/url?q= __ - _ 😀',
].flatMap((line) => line.split(' '));
const piece = fc.constantFrom(...PIECES, ' ', '\n', '\t', '\u200b', '\ud800');
const HOSTS = ['zoom.us', 'meet.google.com'];

test('whatever the text, a link is one of a provider, without user name and port', () => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const link = joinLink({ description: pieces.join('') });
      if (link === null) return;
      found += 1;
      const url = new URL(link.url);
      expect([url.protocol, url.username, url.password, url.port]).toEqual(['https:', '', '', '']);
      expect(HOSTS.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`))).toBe(true);
      expect(link.url).toBe(url.href);
    }),
    { numRuns: 20_000, seed: 20_300_101 },
  );
  expect(found).toBeGreaterThan(20);
});

describe('a description of a megabyte', () => {
  const NativeURL = URL;
  afterEach(() => vi.unstubAllGlobals());

  /** Counts the characters that are parsed as URLs, each time they are, and notes the longest URL. */
  function countParsed() {
    const parsed = { total: 0, longest: 0 };
    class CountingURL extends NativeURL {
      static override parse(text: string | URL, base?: string | URL): URL | null {
        const { length } = String(text);
        parsed.total += length;
        parsed.longest = Math.max(parsed.longest, length);
        return NativeURL.parse(text, base);
      }
    }
    vi.stubGlobal('URL', CountingURL);
    return parsed;
  }

  const MB = 1 << 20;
  const nested = (depth: number): string =>
    depth === 0 ? ZOOM : `https://google.com/url?q=${encodeURIComponent(nested(depth - 1))}`;
  test.each([
    ['one word', 'a'],
    ['dots', '.'],
    ['the start of links', 'https://'],
    ['links in one word', 'https://zoom.us/u/'],
    ['words', 'zoom.us/u/1 '],
    ['labels', 'a.'],
    ['ampersands', '&#'],
    ['entities', '&#38;'],
    ['tags', '<a href="https://evil.example/'],
    ['user names', 'https://zoom.us@'],
    ['queries without an end', 'https://zoom.us/a/j.php?&'],
    ['wrappers', 'https://www.google.com/url?q='],
    ['wrapped links', `${nested(6)} `],
    ['underscores', 'https://urldefense.com/v3/__'],
    ['queries of many parameters', `https://www.google.com/url?${'x&'.repeat(4000)} `],
    ['paths of a provider', `acme.webex.com/acme/j.php?${'x&'.repeat(4000)} `],
    ['fragments of a provider', `https://teams.microsoft.com/v2/?${'?#/'.repeat(2500)} `],
    ['one link that is too long', 'https://www.google.com/url?', 'x&'],
  ])('of %s is parsed once, and what is wrapped in it three times', (_what, first, rest = first) => {
    const parsed = countParsed();
    const description = first + rest.repeat(MB / rest.length);
    expect(joinLink({ description })).toBeNull();
    // A link without a scheme gets one.
    expect(parsed.total).toBeLessThanOrEqual(4 * 1.8 * description.length);
    expect(parsed.longest).toBeLessThanOrEqual(8192);
    expect(joinLink({ description: `${description} ${ZOOM}` })?.url).toBe(ZOOM);
  });
});
