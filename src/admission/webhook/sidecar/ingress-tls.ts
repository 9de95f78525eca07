import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { judgeServerTls } from '../server-tls/server-tls';
import { isTlsProtocol } from '../values/protocol';

const UNSUPPORTED_FIELDS = ['subjectAltNames', 'credentialName', 'credentialNames', 'tlsCertificates'];
const UNSUPPORTED_MODES = ['ISTIO_MUTUAL', 'AUTO_PASSTHROUGH'];

/** Objects to TLS settings that only a Gateway can have, or that the port's protocol doesn't speak. */
export function judgeIngressTls(at: Objections, tls: any, protocol: string): void {
  UNSUPPORTED_FIELDS.filter((field) => tls[field]?.length).forEach((field) => objectToGatewayOnly(at.at(field), shown(tls[field])));
  if (tls.httpsRedirect) objectToGatewayOnly(at.at('httpsRedirect'), 'true');
  if (UNSUPPORTED_MODES.includes(tls.mode)) objectToGatewayOnly(at.at('mode'), shown(tls.mode));
  if (!isTlsProtocol(protocol)) objectToProtocol(at, protocol);
  judgeServerTls(at, tls);
}

function objectToGatewayOnly(at: Objections, actual: string): void {
  at.error({
    code: 'ADMIT488',
    actual,
    expected: 'mode SIMPLE, MUTUAL, OPTIONAL_MUTUAL or PASSTHROUGH, with certificates in files of the proxy\'s container',
    because: 'a Sidecar\'s listener has no more than that; the rest is for Gateways',
    fix: 'remove it; for mutual TLS between workloads of the mesh write a PeerAuthentication instead',
  });
}

function objectToProtocol(at: Objections, protocol: string): void {
  at.error({
    code: 'ADMIT481',
    actual: `set on a port with protocol ${shown(protocol)}`,
    expected: 'TLS settings with protocol HTTPS or TLS only',
    because: 'the protocol says whether TLS is spoken on the port',
    fix: 'write protocol HTTPS or TLS, or remove tls',
  });
}
