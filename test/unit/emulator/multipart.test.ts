import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  boundaryOf,
  parseMultipart,
  parseSection,
  writeMultipart,
} from '../../../infra/emulator/wire/multipart.ts';

const lines = (...text: string[]): string => text.join('\r\n');

test.each([
  ['multipart/mixed; boundary=abc', 'abc'],
  ['Multipart/Mixed;boundary="a b"', 'a b'],
  [String.raw`multipart/mixed; boundary="a\"b"`, 'a"b'],
  ['multipart/mixed; charset=utf-8; boundary=abc; x=y', 'abc'],
  ['multipart/mixed;', undefined],
  ['multipart/mixed; boundary=""', undefined],
  ['multipart/related; boundary=abc', undefined],
  ['', undefined],
])('the boundary of "%s" is %s', (contentType, boundary) => {
  expect(boundaryOf(contentType)).toBe(boundary);
});

test('parts are read with their headers and without the line break before a delimiter', () => {
  const text = lines(
    'to be ignored',
    '--b',
    'Content-Type: application/http',
    'Content-ID:  <1> ',
    '',
    'GET /a',
    '',
    '--b  ',
    '',
    'no headers',
    '--b--',
    'to be ignored',
  );
  expect(parseMultipart(text, 'b')).toEqual([
    { headers: { 'content-type': 'application/http', 'content-id': '<1>' }, body: 'GET /a\r\n' },
    { headers: {}, body: 'no headers' },
  ]);
  expect(parseMultipart(text.replaceAll('\r\n', '\n'), 'b')?.[0]?.body).toBe('GET /a\n');
});

test('a line that only begins like a delimiter belongs to the part', () => {
  expect(parseMultipart(lines('--b', '', '--bc', '--b--c', '--b--'), 'b')).toEqual([
    { headers: {}, body: lines('--bc', '--b--c') },
  ]);
});

test('a boundary may have characters that are special in patterns', () => {
  expect(parseMultipart(lines('--=(_.1+?', '', 'x', '--=(_.1+?--'), '=(_.1+?')).toEqual([
    { headers: {}, body: 'x' },
  ]);
});

test.each([
  ['without delimiters', 'text'],
  ['without the closing delimiter', lines('--b', '', 'x', '--b', '')],
  ['with a header that is not a field', lines('--b', 'no field', '', 'x', '--b--')],
  ['that is empty', ''],
])('a body %s is not multipart', (_, text) => {
  expect(parseMultipart(text, 'b')).toBeUndefined();
});

test('repeated fields are joined, folded lines too', () => {
  expect(parseSection(lines('A: 1', 'a: 2', ' 3', '', 'x'))).toEqual({ headers: { a: '1, 2 3' }, body: 'x' });
});

test('a field may be called like a property that every object has', () => {
  expect(parseSection(lines('constructor: a', '__proto__: b', '', ''))?.headers).toEqual(
    Object.fromEntries([
      ['constructor', 'a'],
      ['__proto__', 'b'],
    ]),
  );
});

test('what is written is read as it was', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
  const value = fc.stringMatching(/^(?:[!-~](?:[ -~]{0,20}[!-~])?)?$/);
  const body = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('\r\n', '\n', '\r', '--', '--b', 'b', '', ' ', 'x'), { maxLength: 20 })
      .map((all) => all.join('')),
  );
  const boundary = fc.stringMatching(/^[0-9A-Za-z'()+_,./:=?-]{20,40}$/);
  fc.assert(
    fc.property(
      fc.array(
        fc.record({ headers: fc.dictionary(name, value, { noNullPrototype: true, maxKeys: 4 }), body }),
        {
          maxLength: 4,
        },
      ),
      boundary,
      (parts, separator) => {
        expect(parseMultipart(writeMultipart(parts, separator), separator)).toEqual(parts);
      },
    ),
  );
});
