import { Renaming } from './principals';
import { isTrustDomain } from './trust';
import { refusalMessage } from '../../findings/refusal';
import { shown } from '../../findings/safe-text';
import { Mapping, mapping, text } from '../../manifests/mapping';
import { checkMeshConfig } from '../../manifests/mesh-config/check';
import { MeshConfigProblem, REJECTED_BY_ISTIOD } from '../../manifests/mesh-config/problem';
import { spireTrustDomains } from '../../mesh/certificates/spire';
import { istioCsrs } from '../../mesh/certificates/workload-ca';
import { EffectiveMeshConfig } from '../../mesh/config/mesh-config';
import { ParseYaml } from '../../mesh/config/proxy-config';
import { KIND } from '../../mesh/inventory/kinds';
import { MeshObject, objectText } from '../../mesh/inventory/object';
import { Mesh } from '../../mesh/mesh';

/** A mesh config with its ConfigMap among the manifests. */
type WrittenConfig = EffectiveMeshConfig & { readonly object: MeshObject };

/** Why the mesh can't migrate to another trust domain, in sentences; empty if it can. */
export function faultsOf(mesh: Mesh, configs: readonly EffectiveMeshConfig[], to: string): readonly string[] {
  const configMaps = new Set(mesh.objects.of(KIND.ConfigMap));
  const isWritten = (config: EffectiveMeshConfig): config is WrittenConfig => config.object !== undefined && configMaps.has(config.object);
  const written = configs.filter(isWritten);
  if (written.length === 0 || written.length < configs.length) return [missing(mesh)];
  const unread = written.filter(({ isUnreadable }) => isUnreadable);
  if (unread.length > 0) return unread.map(({ object }) => unreadable(object, mesh));
  const names = new Set(configs.map(({ trustDomain }) => trustDomain));
  if (names.size > 1) {
    const all = written.map(({ object, trustDomain }) => `${trustDomain} in ${objectText(object)}`).join(', ');
    return [fault(written[1].object, {
      field: 'trustDomain',
      actual: all,
      expected: 'one trust domain for all revisions',
      because: 'each istiod would need stages of its own',
      fix: 'set the same trust domain for all revisions first',
    })];
  }
  const [from] = names;
  // istiod accepts a trust domain with a final dot, although it isn't a valid one here.
  if (!isTrustDomain(from)) {
    return [fault(written[0].object, {
      field: 'trustDomain', actual: shown(from), expected: 'DNS labels separated by dots, without a dot at the end', fix: 'correct it',
    })];
  }
  if (from === to) {
    return [fault(written[0].object, {
      field: 'trustDomain',
      actual: `${to} already`,
      expected: 'another trust domain',
      fix: 'name a new one; to remove what is left of an earlier migration, such as an alias, use istio-mtls plan OLD NEW',
    })];
  }
  return [...ofOtherMeshes(written, to), ...ofSigners(mesh, { from, to }), ...ofAmbient(mesh)];
}

type Told = Pick<Parameters<typeof refusalMessage>[0], 'field' | 'actual' | 'expected' | 'because' | 'fix'>;

function fault({ kind, namespace, name }: Pick<MeshObject, 'kind' | 'namespace' | 'name'>, told: Told): string {
  return refusalMessage({ code: 'API089', kind, name: namespace === '' ? name : `${namespace}/${name}`, ...told });
}

/** An IstioOperator only states what should be installed; istiod reads the ConfigMap. */
function missing({ options: { meshConfigs = [] } }: Mesh): string {
  const saidBy = meshConfigs.map((one) => one.saidBy).join(', ');
  return refusalMessage({
    code: 'API089',
    kind: 'mesh config',
    field: 'ConfigMap istio',
    actual: saidBy === '' ? 'not among the manifests' : `not among the manifests, and only given by ${saidBy}`,
    expected: 'the ConfigMap of each istiod',
    because: 'each stage changes it',
    fix: 'add what kubectl get configmap -n istio-system istio -o yaml prints; the plan then also says what '
      + 'to set in the installer\'s input',
  });
}

/** With an unreadable mesh config, the trust domain to start from is unknown, and so is every call's outcome. */
function unreadable(object: MeshObject, { options: { parseYaml } }: Mesh): string {
  const problem = rejectedIn(object, parseYaml);
  if (!problem) {
    return fault(
      object, { field: 'data.mesh', actual: 'not valid YAML', expected: 'a mesh config', because: REJECTED_BY_ISTIOD, fix: 'correct it' },
    );
  }
  const { path, actual, expected, because, fix } = problem;
  return fault(object, { field: path, actual, expected, because, fix });
}

/** The first reason why istiod rejects a mesh config; undefined if it isn't YAML. */
function rejectedIn({ source }: MeshObject, parseYaml: ParseYaml): MeshConfigProblem | undefined {
  try {
    const value = parseYaml(text(mapping((source as Mapping).data).mesh) ?? '');
    return checkMeshConfig(value).find(({ consequence }) => consequence === 'rejected');
  } catch {
    return undefined;
  }
}

function ofOtherMeshes(configs: readonly WrittenConfig[], to: string): readonly string[] {
  return configs.filter(({ trustDomainsOfCas }) => trustDomainsOfCas.includes(to)).map(({ object }) => fault(object, {
    field: 'caCertificates',
    actual: `set for trust domain ${to}`,
    expected: 'a trust domain that no other mesh uses',
    because: 'policies couldn\'t tell the workloads of that mesh from this one\'s',
    fix: 'choose another name',
  }));
}

/** CAs with a trust domain setting of their own. */
function ofSigners(mesh: Mesh, { from }: Renaming): readonly string[] {
  const others = istioCsrs(mesh).filter(({ trustDomain }) => trustDomain !== undefined && trustDomain !== from);
  return [
    ...others.map(({ deployment, trustDomain }) => fault(deployment, {
      field: '--trust-domain',
      actual: shown(trustDomain),
      expected: shown(from),
      because: 'it signs for no proxy of this mesh',
      fix: 'first set app.tls.trustDomain of its chart to the mesh\'s trust domain',
    })),
    ...spireTrustDomains(mesh).map(({ at: { object }, trustDomain }) => fault(object, {
      field: 'trust_domain',
      actual: shown(trustDomain),
      expected: 'certificates from istiod or istio-csr',
      because: 'a SPIRE server can\'t change its trust domain, and signs for no other: the new one needs a second SPIRE',
      fix: 'set up a SPIRE for the new trust domain, federate it with this one, and move the workloads to it',
    })),
  ];
}

/** ztunnels compare principals literally, without aliases. */
function ofAmbient({ workloads }: Mesh): readonly string[] {
  return workloads.filter(({ proxy }) => proxy.isAmbient).slice(0, 1).map((workload) => fault(workload, {
    field: 'data plane',
    actual: `ambient: ${workload.proxy.because}`,
    expected: 'sidecars and gateways only',
    because: 'ztunnels don\'t apply trust domain aliases to AuthorizationPolicies, and their behavior during the migration isn\'t modelled',
    fix: 'plan this migration by hand',
  }));
}

