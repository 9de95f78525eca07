import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { isWildcarded } from '../values/host-match';

const USE_WAYPOINT = 'istio.io/use-waypoint';

/** Objects to what doesn't go with resolution DYNAMIC_DNS, where a proxy looks up the host of each request. */
export function judgeDynamicDns(at: Objections, entry: any, labels: { readonly [name: string]: string }): void {
  (entry.hosts ?? []).forEach((host: string, index: number) => {
    if (!isWildcarded(host)) objectTo(at.at('hosts', index), shown(host), 'a host with a wildcard in front');
  });
  for (const field of ['addresses', 'endpoints']) {
    if (entry[field]?.length > 0) objectTo(at.at(field), 'set', 'nothing: each request\'s host is looked up');
  }
  (entry.ports ?? []).forEach((port: any, index: number) => {
    const protocol = (port.protocol ?? '').toLowerCase();
    if (!['http', 'http2', 'grpc', 'tls'].includes(protocol)) {
      objectTo(at.at('ports', index, 'protocol'), shown(port.protocol), 'HTTP, HTTP2, GRPC or TLS, which tell the host');
    }
  });
  judgeLocation(at.at('location'), entry, labels[USE_WAYPOINT] ?? '');
}

function judgeLocation(at: Objections, entry: any, waypoint: string): void {
  if (entry.location !== 'MESH_INTERNAL' || waypoint === '' || /^none$/iu.test(waypoint)) return;
  objectTo(at, `MESH_INTERNAL with the waypoint ${shown(waypoint)}`, 'MESH_EXTERNAL, or no waypoint');
}

function objectTo(at: Objections, actual: string, expected: string): void {
  at.error({
    code: 'ADMIT448',
    actual,
    expected,
    because: 'with resolution DYNAMIC_DNS a proxy looks up the host of each request',
    fix: 'change resolution, or mend the field',
  });
}
