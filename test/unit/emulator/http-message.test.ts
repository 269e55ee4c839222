import { expect, test } from 'vitest';
import { parseRequest, writeResponse } from '../../../infra/emulator/wire/http-message.ts';

test.each([
  [
    'GET /a?b=c HTTP/1.1\r\nIf-Match: "1"\r\n\r\n',
    { method: 'GET', target: '/a?b=c', headers: { 'if-match': '"1"' } },
  ],
  ['GET /a', { method: 'GET', target: '/a', headers: {} }],
  ['\r\n\r\npost http://host/a HTTP/1.1\n\n', { method: 'POST', target: 'http://host/a', headers: {} }],
])('the request %j is parsed', (text, request) => {
  expect(parseRequest(text)).toEqual({ ...request, body: '' });
});

test('the body of a request is what follows the empty line', () => {
  expect(parseRequest('POST /a HTTP/1.1\r\nA: b\r\n\r\n{\r\n\r\n}')).toEqual({
    method: 'POST',
    target: '/a',
    headers: { a: 'b' },
    body: '{\r\n\r\n}',
  });
});

test.each(['', 'GET', 'GET /a HTTP/1.1 x', 'GET /a b', '/a', 'GET /a\r\nnot a field\r\n\r\n'])(
  '%j is not a request',
  (text) => {
    expect(parseRequest(text)).toBeUndefined();
  },
);

test('a response is written with its reason phrase and the length of its body in bytes', () => {
  expect(writeResponse({ status: 404, headers: { A: 'b' }, body: 'ö' })).toBe(
    'HTTP/1.1 404 Not Found\r\nA: b\r\nContent-Length: 2\r\n\r\nö',
  );
  expect(writeResponse({ status: 599, headers: {}, body: '' })).toBe(
    'HTTP/1.1 599 Unknown\r\nContent-Length: 0\r\n\r\n',
  );
});
