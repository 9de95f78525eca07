import { BACKEND, GATEWAY, OTHER } from '../meshes/egress-gateway';
import { destinationRule, mode, peerAuthentication, tls } from '../meshes/mesh';

/** A change of senders and receivers on the two hops of calls through a gateway. */
export interface HopChange {
  readonly before: unknown[];
  readonly after: unknown[];
  /** The gateway sends calls to two servers. */
  readonly isSplit: boolean;
}

const rule = (path: string, host: string, ...modes: readonly string[]) =>
  [undefined, ...modes.map((sent) => destinationRule(path, { host, ...tls(sent) }))];
const policy = (path: string, fields: (accepted: string) => object) =>
  [undefined, ...['PERMISSIVE', 'DISABLE', 'STRICT'].map((accepted) => peerAuthentication(path, fields(accepted)))];

/** Objects of which each is missing, or has one of several versions: what clients and the gateway send, and what it and its servers accept. */
const DRAWN: readonly (readonly unknown[])[] = [
  rule('web/own', GATEWAY, 'DISABLE', 'ISTIO_MUTUAL'),
  rule('shop/own', GATEWAY, 'DISABLE'),
  rule('egress/own', BACKEND, 'DISABLE', 'ISTIO_MUTUAL'),
  rule('egress/other', OTHER, 'DISABLE', 'ISTIO_MUTUAL'),
  policy('egress/own', mode),
  policy('shop/own', mode),
  policy('shop/port', (accepted) => ({ selector: { matchLabels: { app: 'backend' } }, portLevelMtls: { 80: { mode: accepted } } })),
];

/** @param draw a number below a limit */
export function hopChange(draw: (limit: number) => number): HopChange {
  const before = DRAWN.map((versions) => (draw(2) === 0 ? 0 : draw(versions.length)));
  const after = [...before];
  // Each doubles the states, of which there are as many for clients, gateways and servers.
  const changes = draw(8) === 0 ? 3 : 1 + draw(2);
  for (let index = 0; index < changes; index++) {
    const place = draw(DRAWN.length);
    after[place] = draw(DRAWN[place].length);
  }
  const objectsOf = (versions: readonly number[]) => versions.flatMap((version, place) => DRAWN[place][version] ?? []);
  return { before: objectsOf(before), after: objectsOf(after), isSplit: draw(2) === 0 };
}
