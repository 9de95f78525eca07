import { AdoptedMesh, member, numberOf, podSelection, Proposal, textList, stringOf, unless } from './proposal';
import { OutboundTrafficPolicyMode } from '../../constructs/installation/mesh-config-props';
import { ExternalResolution, usualResolution } from '../../constructs/networking/external-hosts';
import { ExternalProtocol, usualPortName } from '../../constructs/networking/external-port';
import { Mapping, mapping, mappings } from '../../manifests/mapping';
import { KnownFields } from '../comparison';
import { FieldExpressions } from '../expression';

/** What of a Sidecar's spec is adopted. */
export const SIDECAR_FIELDS: KnownFields = {
  workloadSelector: { labels: true }, egress: [{ hosts: true }], outboundTrafficPolicy: { mode: true },
};

/** @returns a text: why it is no SidecarScope */
export function scopeProposal({ metadata, spec }: Mapping, { rootNamespace }: AdoptedMesh): Proposal | string {
  const { workloadSelector, egress, outboundTrafficPolicy } = mapping(spec);
  const [listener, ...others] = mappings(egress);
  const hosts = textList(mapping(listener).hosts);
  const name = stringOf(mapping(metadata).name);
  if (hosts === undefined || others.length > 0) return 'it doesn\'t have exactly one list of hosts, as SidecarScope does';
  return {
    construct: 'SidecarScope',
    props: {
      name: workloadSelector === undefined ? unless('default', name) : name,
      workload: podSelection({ matchLabels: mapping(workloadSelector).labels }),
      hosts: hosts.at(-1) === `${rootNamespace}/*` ? hosts.slice(0, -1) : hosts,
      outboundTrafficPolicy: member('OutboundTrafficPolicyMode', OutboundTrafficPolicyMode, mapping(outboundTrafficPolicy).mode),
    },
  };
}

/** What of a ServiceEntry's spec is adopted. */
export const ENTRY_FIELDS: KnownFields = {
  hosts: true,
  addresses: true,
  location: true,
  ports: [{ number: true, name: true, protocol: true, targetPort: true }],
  resolution: true,
  endpoints: [{ address: true }],
  exportTo: true,
};

/** @returns a text: why it is no ExternalService */
export function externalProposal({ metadata, spec }: Mapping): Proposal | string {
  const { hosts: written, addresses, location, ports, resolution, endpoints, exportTo } = mapping(spec);
  if (location !== undefined && location !== 'MESH_EXTERNAL') {
    return `its location is ${String(location)}, but an ExternalService is outside the mesh`;
  }
  const known = mappings(ports).map(portOf);
  if (known.includes(undefined)) return 'it has a protocol that ExternalService doesn\'t support';
  const hosts = textList(written) ?? [];
  const addressed = endpoints === undefined ? undefined : mappings(endpoints).map(({ address }) => stringOf(address) ?? '');
  const isUsual = resolution === usualResolution(hosts, addressed ?? []);
  return {
    construct: 'ExternalService',
    props: {
      name: stringOf(mapping(metadata).name),
      hosts,
      ports: known as readonly FieldExpressions[],
      resolution: isUsual ? undefined : member('ExternalResolution', ExternalResolution, resolution),
      endpoints: addressed,
      addresses: textList(addresses),
      exportTo: textList(exportTo),
    },
  };
}

function portOf({ number, name, protocol, targetPort }: Mapping): FieldExpressions | undefined {
  const word = member('ExternalProtocol', ExternalProtocol, protocol);
  if (word === undefined) return undefined;
  const usualName = usualPortName(Number(number), protocol as ExternalProtocol);
  return { port: numberOf(number), protocol: word, targetPort: numberOf(targetPort), name: unless(usualName, stringOf(name)) };
}
