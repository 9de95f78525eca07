import { Decoded } from './decoded';
import { WorkloadEntrySpec } from '../../../imports/specs';
import { isGoIpAddress } from '../../manifests/go-values';
import { Objections } from '../objection';
import { judgeUnixAddress, UNIX_ADDRESS_PREFIX } from './values/addresses';
import { isFullDnsName } from './values/hosts';
import { judgePort, judgePortName } from './values/ports';
import { judgeLabels } from './values/selectors';
import { shown } from '../../findings/safe-text';

/** Rejects what istiod's webhook rejects in a WorkloadEntry. */
export function judgeWorkloadEntry(at: Objections, { spec }: Decoded<WorkloadEntrySpec>): void {
  judgeEndpoint(at.at('spec'), spec);
}

/** Rejects a workload that can't be reached; in a ServiceEntry it may only have the ports of `servicePorts`, and no DNS name. */
export function judgeEndpoint(at: Objections, endpoint: WorkloadEntrySpec, servicePorts?: ReadonlySet<string>): void {
  const { address = '', network } = endpoint;
  if (address === '' && !network) return objectToMissingAddress(at.at('address'));
  if (address === '') warnOfMissingAddress(at.at('address'), network);
  else if (address.startsWith(UNIX_ADDRESS_PREFIX)) judgeSocket(at, address, endpoint, servicePorts);
  else if (servicePorts ? !isGoIpAddress(address) : !isReachable(address)) objectToAddress(at.at('address'), address, !servicePorts);
  judgeEndpointPorts(at.at('ports'), endpoint.ports, servicePorts);
  judgeLabels(at.at('labels'), endpoint.labels);
}

/** Whether it is an IP address or a DNS name. */
export function isReachable(address: string): boolean {
  return isGoIpAddress(address) || isFullDnsName(address);
}

/** Rejects an address that is neither. */
export function objectToAddress(at: Objections, address: string, namesToo: boolean): void {
  at.error({
    code: 'ADMIT447',
    actual: shown(address),
    expected: namesToo ? 'an IP address or a DNS name' : 'an IP address',
    because: namesToo ? 'the proxies couldn\'t connect to it' : 'with resolution STATIC no name is looked up',
    fix: namesToo ? 'write the address of the workload' : 'write an IP address, or use resolution DNS',
  });
}

function judgeSocket(
  at: Objections, address: string, { ports = {} }: WorkloadEntrySpec, servicePorts: ReadonlySet<string> | undefined,
): void {
  judgeUnixAddress(at.at('address'), address);
  if (Object.keys(ports).length > 0) objectToSocketPorts(at.at('ports'));
  if (servicePorts && servicePorts.size !== 1) objectToServicePorts(at.at('address'), servicePorts.size);
}

function objectToMissingAddress(at: Objections): void {
  at.error({
    code: 'ADMIT447',
    actual: shown(undefined),
    expected: 'an address, or a network',
    because: 'the proxies couldn\'t connect to it',
    fix: 'write the address of the workload',
  });
}

function warnOfMissingAddress(at: Objections, network: string | undefined): void {
  at.warning({
    code: 'ADMIT447',
    actual: `missing for the network ${shown(network)}`,
    expected: 'an address',
    because: 'the workload is then reached through its network\'s gateway only',
    fix: 'write the address if the workload can be reached directly',
  });
}

function objectToSocketPorts(at: Objections): void {
  at.error({
    code: 'ADMIT447',
    actual: 'set for a Unix domain socket',
    expected: 'no ports',
    because: 'a socket has none',
    fix: 'remove ports',
  });
}

function objectToServicePorts(at: Objections, ports: number): void {
  at.error({
    code: 'ADMIT447',
    actual: `a Unix domain socket for ${ports} ports of the ServiceEntry`,
    expected: 'exactly one port in spec.ports',
    because: 'a socket can stand for one port only',
    fix: 'keep one port, or write an IP address',
  });
}

/** Rejects ports with invalid names or numbers, or that the ServiceEntry doesn't have. */
export function judgeEndpointPorts(
  at: Objections, ports: { readonly [name: string]: number } | undefined, servicePorts?: ReadonlySet<string>,
): void {
  for (const [name, port] of Object.entries(ports ?? {})) {
    const place = at.at(name);
    if (servicePorts && !servicePorts.has(name)) objectToUnknownPort(place, name, servicePorts);
    judgePortName(place, name);
    judgePort(place, port);
  }
}

function objectToUnknownPort(at: Objections, name: string, servicePorts: ReadonlySet<string>): void {
  at.error({
    code: 'ADMIT447',
    actual: `the port ${shown(name)}`,
    expected: servicePorts.size > 0 ? `the name of a port in spec.ports: ${[...servicePorts].join(', ')}` : 'ports in spec.ports',
    because: 'no request is sent to a port that the service doesn\'t have',
    fix: 'use the name that the port has in spec.ports, or add the port there',
  });
}
