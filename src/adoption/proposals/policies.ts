import { AdoptedMesh, member, podSelection, Proposal, stringOf, unless } from './proposal';
import { MtlsMode } from '../../constructs/security/peer-authentication';
import { Mapping, mapping } from '../../manifests/mapping';
import { KnownFields } from '../comparison';

/** What of a PeerAuthentication's spec has a property. */
export const POLICY_FIELDS: KnownFields = { selector: { matchLabels: true }, mtls: { mode: true }, portLevelMtls: true };

/** A PeerAuthentication by the level that it holds for. */
export function policyProposal({ metadata, spec }: Mapping, { rootNamespace }: AdoptedMesh): Proposal {
  const { namespace, name: written } = mapping(metadata);
  const { selector, mtls, portLevelMtls } = mapping(spec);
  const [name, mode] = [stringOf(written), modeOf(mtls)];
  if (selector !== undefined) {
    const ports = Object.entries(mapping(portLevelMtls)).map(([port, setting]) => ({ port: Number(port), mode: modeOf(setting) }));
    return {
      construct: 'WorkloadOverride', props: { name, workload: podSelection(selector), mode, ports: ports.length > 0 ? ports : undefined },
    };
  }
  if (namespace !== rootNamespace) return { construct: 'NamespaceOverride', props: { name: unless('default', name), mode } };
  return mapping(mtls).mode === MtlsMode.STRICT ? { construct: 'StrictMeshMtls' } : { construct: 'MeshMtls', props: { mode } };
}

function modeOf(mtls: unknown) {
  return member('MtlsMode', MtlsMode, mapping(mtls).mode);
}
