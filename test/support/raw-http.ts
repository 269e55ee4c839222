import { connect, type Socket } from 'node:net';

/** HTTP as bytes, for requests that no HTTP client sends. */

/** A connection on which bytes were sent, and the response so far. */
export interface RawConnection {
  readonly socket: Socket;
  /** The whole response, one character for each byte. */
  readonly answered: () => string;
  /** Settles when either side closes the connection. */
  readonly closed: Promise<void>;
}

/** Opens a connection to the port of `url`, sends bytes (one for each character) and leaves it open. */
export function openRaw(url: string, bytes: string): RawConnection {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
  // A server that has responded and closed may reset the connection.
  socket.on('error', () => undefined);
  socket.write(bytes, 'latin1');
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  return { socket, answered: () => answer, closed };
}

/** Sends bytes and closes the sending side; returns the response, until the server closes. */
export async function sendRaw(url: string, bytes: string): Promise<string> {
  const { socket, answered, closed } = openRaw(url, bytes);
  socket.end();
  await closed;
  return answered();
}

/** Returns the status of a response; undefined if it has none. */
export function statusOf(answer: string): number | undefined {
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(answer) ?? [];
  return status === undefined ? undefined : Number(status);
}
