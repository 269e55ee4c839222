/** Reads request bodies. */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { googleError } from '../protocol/google-errors.ts';
import { CalendarError } from '../protocol/http.ts';
import type { IncomingMessage } from 'node:http';

/** Google accepts no larger request anywhere in this API. */
const MAX_BODY_BYTES = 10 * 2 ** 20;

const DECODERS: Readonly<
  Record<string, (data: Buffer, limit: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * Reads a whole body as UTF-8 and decompresses it: Google's client for Java compresses every body, empty ones too.
 * @throws CalendarError 413 if it is larger than 10 MiB, 400 if it is not compressed as its `Content-Encoding` says
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The rest is read and dropped: a client that is still sending would not see an answer.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES) throw tooLarge();
  const decoded = await decode(Buffer.concat(chunks), request.headers['content-encoding']);
  return decoded.toString('utf8');
}

async function decode(data: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (data.length === 0 || encoding === undefined) return data;
  // Several encodings are undone from the last to the first.
  const [last, ...rest] = encoding
    .toLowerCase()
    .split(',')
    .map((part) => part.trim())
    .toReversed();
  if (last === undefined || last === 'identity' || last === '') return data;
  const decoder = Object.hasOwn(DECODERS, last) ? DECODERS[last] : undefined;
  if (decoder === undefined) {
    throw googleError(400, 'badRequest', `Unsupported Content-Encoding: ${last}`);
  }
  const decoded = await decoder(data, { maxOutputLength: MAX_BODY_BYTES }).catch((error: unknown) => {
    throw isTooLarge(error)
      ? tooLarge()
      : googleError(400, 'badRequest', `The body is not valid ${last} data.`);
  });
  return decode(decoded, rest.length === 0 ? undefined : rest.toReversed().join(','));
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';

const tooLarge = (): CalendarError =>
  new CalendarError(413, {
    domain: 'global',
    reason: 'requestTooLarge',
    message: 'The request is larger than 10 MiB.',
  });
