import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

const PROTOCOLS = ['HTTP', 'HTTP2', 'HTTPS', 'GRPC', 'GRPC-WEB', 'TCP', 'TLS', 'UDP', 'MONGO', 'REDIS', 'MYSQL', 'HTTP_PROXY'];

/** Whether Istio knows the protocol; upper and lower case are one to it. */
export function isKnownProtocol(protocol: string): boolean {
  return PROTOCOLS.includes(protocol.toUpperCase());
}

/** Whether a port of this protocol ends or passes on TLS. */
export function isTlsProtocol(protocol: string): boolean {
  return ['HTTPS', 'TLS'].includes(protocol.toUpperCase());
}

/** Whether a port of this protocol reads plain HTTP. */
export function isHttpProtocol(protocol: string): boolean {
  return ['HTTP', 'HTTP2', 'HTTP_PROXY', 'GRPC', 'GRPC-WEB'].includes(protocol.toUpperCase());
}

/** A protocol that must be a word of Istio's, at the place of the field `protocol`. */
export function judgeProtocol(at: Objections, protocol: string): void {
  if (isKnownProtocol(protocol)) return;
  at.error({
    code: 'ADMIT456',
    actual: protocol === '' ? 'empty' : shown(protocol),
    expected: `one of ${PROTOCOLS.join(', ')}`,
    because: 'Istio builds the listener by the protocol',
    fix: 'write one of these words',
  });
}
