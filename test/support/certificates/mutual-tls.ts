import { AddressInfo } from 'node:net';
import { connect, createServer, SecureVersion, TLSSocket } from 'node:tls';

/** A proxy's certificate with the rest of the chain, its key, and the roots that it trusts. */
export interface Proxy {
  readonly certificateChain: string;
  readonly privateKey: string;
  readonly roots: string;
}

/**
 * `ok`, or which side says what of the other's certificate. Both verify the other's, as two sidecars do; which one is first to end
 * the connection doesn't matter, since each is asked by itself.
 */
export async function handshake(client: Proxy, server: Proxy, version: SecureVersion): Promise<string> {
  const listener = createServer({ ...contextOf(server, version), requestCert: true });
  const accepted = new Promise<TLSSocket>((resolve, reject) => listener.once('secureConnection', resolve).once('tlsClientError', reject));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const socket = connect({ ...contextOf(client, version), host: '127.0.0.1', port: (listener.address() as AddressInfo).port, checkServerIdentity: () => undefined });
  const connected = new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  const sockets = [socket];
  try {
    const [peer] = await Promise.all([accepted, connected]);
    sockets.push(peer);
    if (!socket.authorized) return `client: ${String(socket.authorizationError)}`;
    if (!peer.authorized) return `server: ${String(peer.authorizationError)}`;
    const read = new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
    peer.write('ok');
    return await read;
  } finally {
    for (const one of sockets) one.destroy();
    await new Promise((resolve) => listener.close(resolve));
  }
}

function contextOf({ certificateChain, privateKey, roots }: Proxy, version: SecureVersion) {
  const ca = roots.match(/-----BEGIN[^]*?END CERTIFICATE-----/g)!;
  return { cert: certificateChain, key: privateKey, ca, minVersion: version, maxVersion: version, rejectUnauthorized: false };
}
