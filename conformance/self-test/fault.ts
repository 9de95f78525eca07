/** A mistake that an engineer could make, made on purpose. */
export interface Fault {
  readonly name: string;
  /** Whether it shows only between two states of a mesh. */
  readonly ofChange?: boolean;
  /**
   * Makes the mistake in a library that is loaded for it alone.
   *
   * @param load gives a module of `src/` by its path there
   */
  make(load: LoadModule): void;
}

export type LoadModule = <Path extends keyof FaultyModules>(path: Path) => Replaceable<FaultyModules[Path]>;

/** The modules in which faults are made. */
interface FaultyModules {
  'admission/cel/cel': typeof import('../../src/admission/cel/cel');
  'admission/cel/environment': typeof import('../../src/admission/cel/environment');
  'admission/crds': typeof import('../../src/admission/crds');
  'admission/metadata/kubernetes-names': typeof import('../../src/admission/metadata/kubernetes-names');
  'admission/structure/constraints': typeof import('../../src/admission/structure/constraints');
  'admission/structure/structure': typeof import('../../src/admission/structure/structure');
  'admission/webhook/destination-rule/destination-rule': typeof import('../../src/admission/webhook/destination-rule/destination-rule');
  'admission/webhook/values/numbers': typeof import('../../src/admission/webhook/values/numbers');
  'admission/webhook/webhook': typeof import('../../src/admission/webhook/webhook');
  'certificates/ca-files': typeof import('../../src/certificates/ca-files');
  'certificates/ca-rotation': typeof import('../../src/certificates/ca-rotation');
  'certificates/name-constraints': typeof import('../../src/certificates/name-constraints');
  'certificates/path-checks': typeof import('../../src/certificates/path-checks');
  'certificates/private-key': typeof import('../../src/certificates/private-key');
  'certificates/revocation-checks': typeof import('../../src/certificates/revocation-checks');
  'constructs/certificates/ca-rotation': typeof import('../../src/constructs/certificates/ca-rotation');
  'explain/handshake': typeof import('../../src/explain/handshake');
  'explain/outbound': typeof import('../../src/explain/outbound');
  'explain/server': typeof import('../../src/explain/server');
  'manifests/lists': typeof import('../../src/manifests/lists');
  'manifests/yaml/block-scalar': typeof import('../../src/manifests/yaml/block-scalar');
  'manifests/yaml/characters': typeof import('../../src/manifests/yaml/characters');
  'manifests/yaml/scalar': typeof import('../../src/manifests/yaml/scalar');
  'manifests/yaml/values': typeof import('../../src/manifests/yaml/values');
  'mesh/model/peer-calls': typeof import('../../src/mesh/model/peer-calls');
  'mesh/model/transport': typeof import('../../src/mesh/model/transport');
  'mesh/compare/object-changes': typeof import('../../src/mesh/compare/object-changes');
  'mesh/config/istiod-behaviours': typeof import('../../src/mesh/config/istiod-behaviours');
  'mesh/config/istiods': typeof import('../../src/mesh/config/istiods');
  'mesh/control-planes/control-plane': typeof import('../../src/mesh/control-planes/control-plane');
  'mesh/dataplane/client-tls': typeof import('../../src/mesh/dataplane/client-tls');
  'mesh/dataplane/sidecar/outbound-routes': typeof import('../../src/mesh/dataplane/sidecar/outbound-routes');
  'mesh/dataplane/sidecar/inbound-protocols': typeof import('../../src/mesh/dataplane/sidecar/inbound-protocols');
  'mesh/inventory/object': typeof import('../../src/mesh/inventory/object');
  'mesh/mesh': typeof import('../../src/mesh/mesh');
  'mesh/names/export-to': typeof import('../../src/mesh/names/export-to');
  'mesh/names/hosts': typeof import('../../src/mesh/names/hosts');
  'mesh/plan/plan': typeof import('../../src/mesh/plan/plan');
  'mesh/policies/backend-policies': typeof import('../../src/mesh/policies/backend-policies');
  'mesh/policies/destination-rule': typeof import('../../src/mesh/policies/destination-rule');
  'mesh/policies/destination-rules': typeof import('../../src/mesh/policies/destination-rules');
  'mesh/policies/envoy-filter': typeof import('../../src/mesh/policies/envoy-filter');
  'mesh/policies/peer-authentication': typeof import('../../src/mesh/policies/peer-authentication');
  'mesh/routes/gateway-api': typeof import('../../src/mesh/routes/gateway-api');
  'mesh/routes/route': typeof import('../../src/mesh/routes/route');
  'mesh/routes/shifted-weights': typeof import('../../src/mesh/routes/shifted-weights');
  'mesh/services/service': typeof import('../../src/mesh/services/service');
  'mesh/workloads/injection': typeof import('../../src/mesh/workloads/injection');
  'mesh/workloads/injection-facts': typeof import('../../src/mesh/workloads/injection-facts');
  'mesh/workloads/networks': typeof import('../../src/mesh/workloads/networks');
  'mesh/worlds/branches': typeof import('../../src/mesh/worlds/branches');
}

/** A module whose exports may be replaced: the other modules look each of them up when they call it. */
type Replaceable<Module> = { -readonly [Name in keyof Module]: Module[Name] };

/**
 * The faults made in one module: each replaces an export, or a class's method, by what it makes of the original. Within the
 * module, calls by name don't reach a replaced export.
 *
 * @param faults by name, what makes each; `load` gives other modules of the same library
 */
export function faultsIn<Path extends keyof FaultyModules>(
  path: Path, faults: Readonly<Record<string, (module: Replaceable<FaultyModules[Path]>, load: LoadModule) => void>>,
): readonly Fault[] {
  return Object.entries(faults).map(([name, make]) => ({ name, make: (load) => make(load(path), load) }));
}
