import { judgeResolution } from './resolution';
import { ServiceEntrySpec } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../../objection';
import { Decoded, isFilled } from '../decoded';
import { judgeSubnets } from '../values/addresses';
import { judgeExportTo } from '../values/export-to';
import { judgePartialWildcard, judgeWildcardHost } from '../values/hosts';
import { isHttpProtocol, isTlsProtocol, judgePort, judgePortName, judgeProtocol } from '../values/ports';
import { judgeSelectorLabels } from '../values/selectors';

/** Rejects what istiod's webhook rejects in a ServiceEntry; if the selector is invalid, reports nothing else. */
export function judgeServiceEntry(objections: Objections, { metadata, spec: entry }: Decoded<ServiceEntrySpec>): void {
  const spec = objections.at('spec');
  const { namespace = '', labels = {} } = metadata;
  const { workloadSelector } = entry;
  const labelsAt = spec.at('workloadSelector', 'labels');
  if (workloadSelector && !judgeSelectorLabels(labelsAt, workloadSelector.labels, 'all workloads of its namespace')) return;
  if (workloadSelector && isFilled(entry.endpoints)) objectToEndpoints(spec.at('endpoints'));
  judgeHosts(spec.at('hosts'), entry);
  judgeSubnets(spec.at('addresses'), entry.addresses);
  judgePorts(spec.at('ports'), entry, labels);
  judgeResolution(spec, entry, labels);
  judgePortsOfManyHosts(spec.at('ports'), entry);
  judgeExportTo(spec.at('exportTo'), entry.exportTo, { namespace, serviceEntry: true });
}

function objectToEndpoints(at: Objections): void {
  at.error({
    code: 'ADMIT448',
    actual: 'set together with workloadSelector',
    expected: 'endpoints or workloadSelector, not both',
    because: 'each of them sets the workloads behind the hosts',
    fix: 'remove one of the two',
  });
}

/** Rejects a ServiceEntry without hosts, or with invalid ones. */
function judgeHosts(at: Objections, { hosts, resolution }: ServiceEntrySpec): void {
  if (hosts.length === 0) objectToNoHosts(at);
  hosts.forEach((host, index) => {
    if (host === '*') return objectToAnyHost(at.at(index));
    judgeWildcardHost(at.at(index), host);
    if (resolution !== 'DYNAMIC_DNS') judgePartialWildcard(at.at(index), host);
  });
}

function objectToNoHosts(at: Objections): void {
  at.error({
    code: 'ADMIT448',
    actual: 'empty',
    expected: 'at least one host',
    because: 'the service needs a name',
    fix: 'write the host that clients call',
  });
}

function objectToAnyHost(at: Objections): void {
  at.error({
    code: 'ADMIT401',
    actual: '\'*\'',
    expected: 'a host, or a wildcard below a domain',
    because: 'the entry would stand for every host there is',
    fix: 'write a host such as \'api.example.com\' or \'*.example.com\'',
  });
}

const AUTO_ALLOCATION = 'networking.istio.io/enable-autoallocate-ip';

/** Rejects duplicate or invalid ports; warns of TCP ports that nothing distinguishes. */
function judgePorts(at: Objections, entry: ServiceEntrySpec, labels: { readonly [name: string]: string }): void {
  const names = new Set<string>();
  const numbers = new Set<number>();
  const needsAddress = !isFilled(entry.addresses) && !allocatesAddresses(entry, labels);
  entry.ports?.forEach((port, index) => {
    const place = at.at(index);
    const { name } = port;
    if (names.has(name)) objectToSecond(place.at('name'), name);
    if (numbers.has(port.number)) objectToSecond(place.at('number'), port.number);
    names.add(name);
    numbers.add(port.number);
    if (port.targetPort) judgePort(place.at('targetPort'), port.targetPort);
    if (needsAddress && ['', 'TCP'].includes(port.protocol ?? '')) warnOfMissingAddresses(place.at('protocol'), port.protocol);
    judgePortName(place.at('name'), name);
    if (port.protocol) judgeProtocol(place.at('protocol'), port.protocol);
    judgePort(place.at('number'), port.number);
  });
}

/** Rejects the first port on which several hosts can't be distinguished. */
function judgePortsOfManyHosts(at: Objections, { hosts, ports = [], resolution = 'NONE' }: ServiceEntrySpec): void {
  if (hosts.length < 2 || resolution === 'NONE') return;
  const index = ports.findIndex((port) => !isHttpProtocol(port.protocol ?? '') && !isTlsProtocol(port.protocol ?? ''));
  if (index >= 0) objectToManyHosts(at.at(index, 'protocol'), ports[index].protocol);
}

/** Whether istiod allocates addresses for the hosts: unless opted out, and not with resolution NONE. */
function allocatesAddresses({ resolution = 'NONE' }: ServiceEntrySpec, labels: { readonly [name: string]: string }): boolean {
  return resolution !== 'NONE' && !/^false$/iu.test(labels[AUTO_ALLOCATION] ?? '');
}

function objectToSecond(at: Objections, value: unknown): void {
  at.error({
    code: 'ADMIT448',
    actual: `${shown(value)} a second time`,
    expected: 'each name and number once',
    because: 'a port is found by its name and by its number',
    fix: 'rename or renumber one of the ports, or remove it',
  });
}

function objectToManyHosts(at: Objections, protocol: unknown): void {
  at.error({
    code: 'ADMIT448',
    actual: `${shown(protocol)} for several hosts`,
    expected: 'HTTP, HTTPS, TLS or a related protocol, or one host',
    because: 'plain TCP doesn\'t carry the host',
    fix: 'set the protocol, or write a ServiceEntry for each host',
  });
}

function warnOfMissingAddresses(at: Objections, protocol: unknown): void {
  at.warning({
    code: 'ADMIT448',
    actual: `${shown(protocol)} without spec.addresses`,
    expected: 'addresses for a port that may serve TCP',
    because: 'only the address distinguishes TCP services, and none is allocated',
    fix: 'add addresses, or set a protocol such as HTTP or TLS',
  });
}
