import * as fc from 'fast-check';

/** Malicious requests, one character for each byte. None has a token that verifies. */

/** Part of everything that an attacker sends, so that it is found wherever it is repeated. */
export const CANARY = 'canary-7d1f';

/** A log entry, if a function logs it unescaped. */
const FORGED_ENTRY = `\n{"severity":"ALERT","message":"${CANARY}"}\n`;

const latin1 = (maxLength: number): fc.Arbitrary<string> =>
  fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes).toString('latin1'));

/** Header values that HTTP allows, and ones that it does not. */
const fairText = fc.oneof(
  fc.constantFrom('', 'exists', 'sync', 'close', 'chunked', 'gzip', '100-continue', '0', '-1', '7', '1e99'),
  fc.constantFrom('application/json', 'application/json; charset="\t"', 'text/plain; charset=nonsense'),
  fc.string({ unit: 'grapheme-ascii', maxLength: 60 }),
  fc.string({ unit: fc.integer({ min: 0xa0, max: 0xff }).map((code) => String.fromCharCode(code)) }),
  fc.nat({ max: 9_000 }).map((length) => 'x'.repeat(length)),
);
const foulText = fc.oneof(fc.constantFrom('\u0000', '\r', FORGED_ENTRY, `\r\n${CANARY}`), latin1(60));
const signed = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(text, fc.boolean()).map(([words, sign]) => (sign ? CANARY + words : words));

const KNOWN = [
  'X-Goog-Channel-ID',
  'X-Goog-Channel-Token',
  'X-Goog-Message-Number',
  'X-Goog-Resource-ID',
  'X-Goog-Resource-State',
  'X-Goog-Resource-URI',
  'X-Goog-Channel-Expiration',
  'Connection',
  'Upgrade',
  'Content-Type',
  'Content-Encoding',
  'Cookie',
  'X-Forwarded-For',
  'traceparent',
  '__proto__',
  'constructor',
];
const fairName = fc.oneof(fc.constantFrom(...KNOWN), fc.stringMatching(/^[\w-]{1,20}$/));
const foulName = fc.oneof(
  fc.constantFrom('Content-Length', 'Transfer-Encoding', 'Expect', 'Host', 'X Y', ''),
  latin1(20),
);

/** The five headers of a notification, so that requests reach the check of their token. */
const FIVE = [
  ['X-Goog-Channel-ID', CANARY],
  ['X-Goog-Message-Number', '7'],
  ['X-Goog-Resource-ID', CANARY],
  ['X-Goog-Resource-State', 'exists'],
  ['X-Goog-Resource-URI', `https://www.googleapis.com/calendar/v3/calendars/${CANARY}/events`],
] as const;

const body = fc.oneof(
  fc.constantFrom(
    '',
    '{}',
    '[x',
    '{"a":',
    `[x${FORGED_ENTRY}`,
    `5\r\n${CANARY}\r\n0\r\n\r\n`,
    'ffffffff\r\n',
  ),
  latin1(200),
  fc.nat({ max: 10_000 }).map((times) => CANARY.repeat(times)),
);

interface Parts {
  readonly line: readonly string[];
  readonly five: boolean;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

function written({ line, five, headers, body: content }: Parts): string {
  const all = [['Host', 'x'] as const, ...(five ? FIVE : []), ...headers];
  const head = all.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `${line.join(' ')}\r\n${head}\r\n${content}`;
}

/** A request that is valid HTTP and reaches the function. */
const fairRequest = fc
  .record({
    line: fc.tuple(
      fc.oneof(
        { weight: 4, arbitrary: fc.constant('POST') },
        fc.constantFrom('GET', 'PUT', 'OPTIONS', 'TRACE'),
      ),
      fc.oneof(
        fc.constantFrom('/', '*', '/%zz', '/favicon.ico', '/../..', `/${CANARY}?a=1`, 'http://[::1', '//'),
        fc.webPath(),
      ),
      fc.constant('HTTP/1.1'),
    ),
    five: fc.boolean(),
    headers: fc.array(fc.tuple(fairName, signed(fairText)), { maxLength: 8 }),
    body,
  })
  .map((parts) => {
    const length = ['Content-Length', String(parts.body.length)] as const;
    return written({ ...parts, headers: [...parts.headers, length] });
  });

/** Bytes that are not a complete request. */
const foulRequest = fc
  .record({
    line: fc.tuple(
      fc.constantFrom('POST', 'GET', 'HEAD', 'CONNECT', 'PRI', 'post', CANARY),
      fc.oneof(fc.constantFrom('/', '', '*'), signed(fairText), signed(foulText)),
      fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', CANARY),
    ),
    five: fc.boolean(),
    headers: fc.array(fc.tuple(fc.oneof(fairName, foulName), signed(fc.oneof(fairText, foulText))), {
      maxLength: 8,
    }),
    body,
    cut: fc.double({ min: 0, max: 2, noNaN: true }),
  })
  .map(({ cut, ...parts }) => {
    const bytes = written(parts);
    return bytes.slice(0, Math.floor(bytes.length * cut));
  });

/** One request, valid or not. */
export const hostileRequest: fc.Arbitrary<string> = fc.oneof(fairRequest, foulRequest);

/** Tokens that resemble, or do not resemble, the genuine one of a channel. */
export const forgedToken = (genuine: string): fc.Arbitrary<string> => {
  const [head = '', mac = ''] = genuine.split('mac=');
  const characters = fc.stringMatching(/^[\w-]$/);
  const signature = fc.string({ unit: characters, minLength: mac.length, maxLength: mac.length });
  return fc
    .oneof(
      signature.map((other) => `${head}mac=${other}`),
      fc.nat({ max: genuine.length - 1 }).map((end) => genuine.slice(0, end)),
      fc
        .tuple(fc.nat({ max: genuine.length - 1 }), characters)
        .map(([at, other]) => genuine.slice(0, at) + other + genuine.slice(at + 1)),
      fc.constantFrom(genuine.toUpperCase(), `${genuine}=`, `${genuine}&v=1`, genuine.replace('v=1', 'v=0')),
      fc.string({ unit: characters, maxLength: 300 }),
    )
    .filter((token) => token !== genuine);
};
