import { connect, type Socket } from 'node:net';

/** HTTP as bytes, for what no HTTP client would send. */

/** A connection with something sent on it, and what came back so far. */
export interface RawConnection {
  readonly socket: Socket;
  /** All that was answered, one character for each byte. */
  readonly answered: () => string;
  /** Settles when the connection is closed, from whichever side. */
  readonly closed: Promise<void>;
}

/** Opens a connection to `url`'s port and sends bytes, one for each character: the start of a request, perhaps, and leaves it open. */
export function openRaw(url: string, bytes: string): RawConnection {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
  // A server that has answered and closed may reset what is still being sent.
  socket.on('error', () => undefined);
  socket.write(bytes, 'latin1');
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  return { socket, answered: () => answer, closed };
}

/** Sends bytes, says that no more will come, and hands back all that is answered until the server closes. */
export async function sendRaw(url: string, bytes: string): Promise<string> {
  const { socket, answered, closed } = openRaw(url, bytes);
  socket.end();
  await closed;
  return answered();
}

/** The status of an answer; undefined where there is none. */
export function statusOf(answer: string): number | undefined {
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(answer) ?? [];
  return status === undefined ? undefined : Number(status);
}
