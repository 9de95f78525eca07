import { isIstioDnsLabel } from './hosts';
import { SidecarPort } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../../objection';

export function isPort(port: number): boolean {
  return port >= 1 && port <= 65535;
}

/** Rejects an invalid port number; a missing one counts as 0. */
export function judgePort(at: Objections, port: number | undefined): void {
  if (isPort(port ?? 0)) return;
  at.error({
    code: 'ADMIT403',
    actual: shown(port),
    expected: 'a port from 1 to 65535',
    because: 'there is no other port',
    fix: 'write the number of the port',
  });
}

/** Rejects a port name that isn't a DNS label. */
export function judgePortName(at: Objections, name: string): void {
  if (isIstioDnsLabel(name)) return;
  at.error({
    code: 'ADMIT403',
    actual: `the name ${shown(name)}`,
    expected: 'a DNS label: letters, digits and \'-\', at most 63 characters',
    because: 'ports are found by their names',
    fix: 'name the port, for example \'http\'',
  });
}

/** Rejects a `targetPort` where the listener isn't a Kubernetes Service. */
export function judgeTargetPort(at: Objections, { targetPort }: SidecarPort): void {
  if (!targetPort) return;
  at.at('targetPort').error({
    code: 'ADMIT480',
    actual: shown(targetPort),
    expected: 'no targetPort here',
    because: 'the proxy listens on the port itself, and only a Service maps ports',
    fix: 'remove it',
  });
}

const PROTOCOLS = ['HTTP', 'HTTP2', 'HTTPS', 'GRPC', 'GRPC-WEB', 'TCP', 'TLS', 'UDP', 'MONGO', 'REDIS', 'MYSQL', 'HTTP_PROXY'];

/** Whether Istio knows the protocol, in any case. */
export function isKnownProtocol(protocol: string): boolean {
  return PROTOCOLS.includes(protocol.toUpperCase());
}

/** Whether a port of this protocol terminates or passes through TLS. */
export function isTlsProtocol(protocol: string): boolean {
  return ['HTTPS', 'TLS'].includes(protocol.toUpperCase());
}

/** Whether a port of this protocol reads plain HTTP. */
export function isHttpProtocol(protocol: string): boolean {
  return ['HTTP', 'HTTP2', 'HTTP_PROXY', 'GRPC', 'GRPC-WEB'].includes(protocol.toUpperCase());
}

/** A protocol that must be one of Istio's, at the position of the field `protocol`. */
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

/** Rejects a listener's port that an earlier one has. */
export function judgePortNumbers(at: Objections, listeners: readonly { readonly port?: SidecarPort }[]): void {
  const firsts = new Map<number, number>();
  listeners.forEach(({ port }, index) => {
    if (!port) return;
    const number = port.number ?? 0;
    const first = firsts.get(number);
    if (first === undefined) {
      firsts.set(number, index);
      return;
    }
    at.at(index, 'port', 'number').error({
      code: 'ADMIT479',
      actual: `${number}, as is ${at.field[at.field.length - 1]}[${first}].port.number`,
      expected: 'a port of its own for each listener',
      because: 'the proxy listens on each port once',
      fix: 'write another port, or put both into one listener',
    });
  });
}
