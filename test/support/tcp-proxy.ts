import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A port that can be opened and closed, in front of a server: a service that is unavailable for a while. */
export interface TcpProxy {
  /** Forwards connections from now on. */
  open(): Promise<void>;
  /** Cuts all connections, and rejects new ones. */
  close(): Promise<void>;
  /** Forwards nothing more on present connections, which stay open, as when a peer is lost silently. New ones are forwarded, or hang too. */
  hang(newOnes: 'forwarded' | 'hang'): void;
}

/** Creates a proxy on this machine's `port` for `target` (`host:port`). It is closed at first. */
export function tcpProxy(port: number, target: string): TcpProxy {
  const { hostname, port: targetPort } = new URL(`tcp://${target}`);
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let hangs = false;

  const pipe = (incoming: Socket): void => {
    if (hangs) {
      sockets.add(incoming.on('error', () => undefined));
      return;
    }
    const outgoing = connect(Number(targetPort), hostname);
    for (const [socket, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      // An error on one side closes the other.
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  };

  return {
    hang: (newOnes) => {
      hangs = newOnes === 'hang';
      for (const socket of sockets) socket.unpipe().pause();
    },
    open: async () => {
      hangs = false;
      server = createServer(pipe).listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    close: async () => {
      const closing = server;
      server = undefined;
      if (closing === undefined) return;
      closing.close();
      for (const socket of sockets) socket.destroy();
      await once(closing, 'close');
    },
  };
}
