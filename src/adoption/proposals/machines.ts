import { clientTls } from './destination';
import { member, numberOf, Proposal, stringOf, textList, textMap } from './proposal';
import * as networking from '../../../imports/networking.istio.io';
import { ExternalProtocol } from '../../constructs/networking/external-port';
import { protocolOfName } from '../../constructs/networking/machine-port';
import { workloadEntryName } from '../../constructs/networking/machine-service';
import { Mapping, mapping, mappings, text } from '../../manifests/mapping';
import { isSame } from '../comparison';
import { CallExpression, FieldExpressions } from '../expression';

const { ServiceEntry, WorkloadEntry, WorkloadGroup, DestinationRule } = networking;

interface Indexed {
  readonly index: number;
  readonly object: Mapping;
}

/** The objects of machines that a MachineService may write together, each ServiceEntry first. */
export function machineGroups(objects: readonly Mapping[], indices: readonly number[]): readonly ReadonlyMap<number, Proposal>[] {
  const all = (gvk: { readonly apiVersion: string; readonly kind: string }): readonly Indexed[] => indices
    .map((index) => ({ index, object: objects[index] }))
    .filter(({ object: { apiVersion, kind } }) => apiVersion === gvk.apiVersion && kind === gvk.kind);
  const [entries, machines, groups, rules] = [ServiceEntry, WorkloadEntry, WorkloadGroup, DestinationRule].map(({ GVK }) => all(GVK));
  const taken = new Set<number>();
  return entries.flatMap((entry) => {
    const found = groupOf(entry, { machines, groups, rules });
    if (!found || [...found.keys()].some((index) => taken.has(index))) return [];
    for (const index of found.keys()) taken.add(index);
    return [found];
  });
}

/** What may belong to a ServiceEntry. */
interface Others {
  readonly machines: readonly Indexed[];
  readonly groups: readonly Indexed[];
  readonly rules: readonly Indexed[];
}

function groupOf({ index, object }: Indexed, { machines, groups, rules }: Others): ReadonlyMap<number, Proposal> | undefined {
  const { hosts, location, workloadSelector } = mapping(object.spec);
  const [labels, names] = [textMap(mapping(workloadSelector).labels), textList(hosts)];
  const { name, namespace } = namesOf(object);
  if (name === undefined || namespace === undefined || labels === undefined || names?.length !== 1) return undefined;
  const isInside = location === 'MESH_INTERNAL';
  const named = (isInside ? groups : rules).find(({ object: other }) => isSame(namesOf(other), { name, namespace }));
  const selected = machines.filter(({ object: other }) => namesOf(other).namespace === namespace && hasLabels(other, labels));
  if (!named || selected.some(({ object: machine }) => namesOf(machine).name !== nameOf(machine, name))) return undefined;
  return new Map([
    [index, { construct: 'MachineService', props: propsOf(object, selected.map((one) => one.object), named.object) }],
    ...selected.map((one, number): [number, Proposal] => (
      [one.index, { construct: 'MachineService', member: `workloadEntries[${number}]` }])),
    [named.index, { construct: 'MachineService', member: isInside ? 'workloadGroup!' : 'destination!' }],
  ]);
}

function namesOf({ metadata }: Mapping): { readonly name?: string; readonly namespace?: string } {
  const { name, namespace } = mapping(metadata);
  return { name: text(name), namespace: text(namespace) };
}

/** The name that a MachineService gives to a WorkloadEntry. */
function nameOf({ spec }: Mapping, serviceName: string): string {
  return workloadEntryName(serviceName, stringOf(mapping(spec).address) ?? '');
}

/** Whether a ServiceEntry that selects by some labels selects a WorkloadEntry. */
function hasLabels({ metadata, spec }: Mapping, labels: Readonly<Record<string, string>>): boolean {
  const own = { ...mapping(mapping(spec).labels), ...mapping(mapping(metadata).labels) };
  return Object.entries(labels).every(([key, value]) => own[key] === value);
}

/** @param named the WorkloadGroup, or else the DestinationRule */
function propsOf({ metadata, spec }: Mapping, machines: readonly Mapping[], named: Mapping): FieldExpressions {
  const { hosts, addresses, ports, workloadSelector, exportTo } = mapping(spec);
  const [host] = textList(hosts)!;
  const template = mapping(mapping(named.spec).template);
  const [first] = machines;
  return {
    name: stringOf(mapping(metadata).name),
    host,
    addresses: machines.length === 0 ? undefined : machines.map((machine) => stringOf(mapping(machine.spec).address) ?? ''),
    ports: mappings(ports).map(portOf),
    proxy: named.kind === WorkloadGroup.GVK.kind
      ? CallExpression.of('MachineProxy.sidecar', stringOf(template.serviceAccount))
      : CallExpression.of('MachineProxy.none', clientTls(withoutUsualNames(mapping(mapping(mapping(named.spec).trafficPolicy).tls), host))),
    virtualAddresses: textList(addresses),
    labels: textMap(mapping(workloadSelector).labels),
    network: stringOf(template.network) ?? stringOf(mapping(first?.spec).network),
    exportTo: textList(exportTo),
  };
}

function portOf({ number, name, protocol, targetPort }: Mapping): FieldExpressions {
  const isUsual = protocolOfName(stringOf(name) ?? '') === protocol;
  return {
    name: stringOf(name),
    port: numberOf(number),
    targetPort: numberOf(targetPort),
    protocol: isUsual ? undefined : member('ExternalProtocol', ExternalProtocol, protocol),
  };
}

/** Without the host as the name that is requested and verified, which MachineService writes by itself. */
function withoutUsualNames({ sni, subjectAltNames, ...tls }: Mapping, host: string): Mapping {
  const isUsual = sni === host && isSame(subjectAltNames, [host]);
  return isUsual ? tls : { sni, subjectAltNames, ...tls };
}
