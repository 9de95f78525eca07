import { booleanVariable, istiodDeployments, podSpec, revisionInName, toldVariables } from './istiod-variables';
import { istiodNamespaces } from './plugged-ca';
import { CA_SECRET_NAME } from '../../certificates/ca-secret';
import { FieldPath } from '../../findings/finding';
import { Mapping, mapping, mappings, text, texts } from '../../manifests/mapping';
import { DEFAULT_REVISION, INJECTOR_CONFIG_MAP, nameForRevision } from '../config/control-plane-facts';
import { mappingIn } from '../config/proxy-config';
import { REVISION } from '../config/revisions';
import { FieldRef } from '../inventory/field-ref';
import { isOf, KIND } from '../inventory/kinds';
import { MeshObject } from '../inventory/object';
import type { Mesh } from '../mesh';

/** The variable that makes istiod sign nothing. */
const CA_SERVER = 'ENABLE_CA_SERVER';

/** An istiod as the manifests run it, and where the proxies that it injects request certificates. */
export interface SigningIstiod {
  readonly deployment: MeshObject;
  /** Where `ENABLE_CA_SERVER` is, or would be, written. */
  readonly field: FieldPath;
  /** Whether it signs; undefined: its environment comes from something that the manifests don't contain. */
  readonly signs: boolean | undefined;
  /** Where proxies request certificates; undefined: the manifests don't contain it, or some proxies are configured differently. */
  readonly asked?: CaAddress;
}

/** The address at which proxies request their certificates. */
export interface CaAddress {
  /** `host:port`; empty: that of the istiod that configures them. */
  readonly value: string;
  /** Where it is, or would be, written. */
  readonly at: FieldRef;
}

/** The istiods that Deployments of the manifests run. */
export function signingIstiods(mesh: Mesh): readonly SigningIstiod[] {
  const namespaces = istiodNamespaces(mesh);
  const deployments = istiodDeployments(mesh, namespaces);
  const addresses = deployments.length === 0 ? undefined : new CaAddresses(mesh);
  return deployments.map((deployment) => {
    const revision = deployment.labels[REVISION] ?? revisionInName(deployment) ?? DEFAULT_REVISION;
    return { deployment, ...caServerOf(deployment, mesh.options.istiodEnv), asked: addresses!.of(deployment.namespace, revision) };
  });
}

function caServerOf(deployment: MeshObject, told?: Readonly<Record<string, string>>): Pick<SigningIstiod, 'field' | 'signs'> {
  const { field, value } = booleanVariable(deployment, CA_SERVER, told);
  return { field, signs: value };
}

/** The variable in all proxies' environment that sets where they request certificates. */
const CA_ADDRESS = 'CA_ADDR';

/** The templates of Istio's own injector, none of which gets certificates from elsewhere. */
const TEMPLATES: ReadonlySet<string> = new Set([
  'sidecar', 'gateway', 'grpc-simple', 'grpc-agent', 'waypoint', 'kube-gateway', 'agentgateway', 'agentgateway-waypoint',
]);

/** Where the proxies of each istiod request certificates. */
class CaAddresses {
  private readonly injectors: ReadonlyMap<string, MeshObject>;
  /** Whether some proxies are configured differently from their injector. */
  private readonly areSomeElsewhere: boolean;

  constructor(private readonly mesh: Mesh) {
    const configMaps = mesh.objects.of(KIND.ConfigMap).filter(({ name }) => name.startsWith(INJECTOR_CONFIG_MAP));
    this.injectors = new Map(configMaps.map((object) => [`${object.namespace}/${object.name}`, object]));
    this.areSomeElsewhere = mesh.objects.of(KIND.ProxyConfig).some(({ spec }) => mapping(spec.environmentVariables)[CA_ADDRESS] !== undefined);
  }

  of(namespace: string, revision: string): CaAddress | undefined {
    const { configs, options: { parseYaml } } = this.mesh;
    const config = configs.of(revision).object;
    const metadata = mapping(mapping(mappingIn(dataText(config, 'mesh') ?? '', parseYaml).defaultConfig).proxyMetadata);
    const byConfig = text(metadata[CA_ADDRESS]);
    if (byConfig !== undefined) return { value: byConfig, at: { object: config!, field: ['data', 'mesh'] } };
    const injector = this.injectors.get(`${namespace}/${nameForRevision(INJECTOR_CONFIG_MAP, revision)}`);
    const [values, templates] = [dataText(injector, 'values'), dataText(injector, 'config')];
    if (injector === undefined || values === undefined || templates === undefined) return undefined;
    const { caAddress, caName } = mapping(mappingIn(values, parseYaml).global);
    const at: FieldRef = { object: injector, field: ['data', 'values'] };
    if (text(caAddress) !== undefined) return { value: text(caAddress)!, at };
    const isElsewhere = this.areSomeElsewhere || text(caName) !== undefined || metadata.CA_PROVIDER !== undefined
      || Object.keys(mapping(mappingIn(templates, parseYaml).templates)).some((template) => !TEMPLATES.has(template));
    return isElsewhere ? undefined : { value: '', at };
  }
}

function dataText(object: MeshObject | undefined, key: string): string | undefined {
  return object && text(mapping((object.source as Mapping).data)[key]);
}

/** A Service of the cluster that an address names, with its port; undefined for any other address. */
export function serviceAt(address: string): { readonly name: string; readonly namespace: string; readonly port: number } | undefined {
  const [, name, namespace, port] = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?:\.[a-z0-9.-]+)?:(\d{1,5})$/.exec(address) ?? [];
  return name === undefined ? undefined : { name, namespace, port: Number(port) };
}

/** Whether proxies request certificates from an istio-csr, by the name of its Service. */
export function asksIstioCsr({ value }: CaAddress): boolean {
  return serviceAt(value)?.name.includes('istio-csr') ?? false;
}

/** An istio-csr that a Deployment of the manifests runs. */
export interface RunningIstioCsr {
  readonly deployment: MeshObject;
  /** The trust domain of the identities that it signs; undefined: a variable contains it. */
  readonly trustDomain?: string;
  /** Where that is, or would be, written. */
  readonly field: FieldPath;
}

const TRUST_DOMAIN = /^--trust-domain(?:=(.*))?$/;

export function istioCsrs({ objects }: Mesh): readonly RunningIstioCsr[] {
  return objects.of(KIND.Deployment).flatMap((deployment) => {
    const containers = mappings(podSpec(deployment).containers);
    const index = containers.findIndex(({ image }) => /(?:^|\/)cert-manager-istio-csr(?:[:@]|$)/.test(text(image) ?? ''));
    if (index < 0) return [];
    const args = texts(containers[index].args);
    const at = args.findIndex((arg) => TRUST_DOMAIN.test(arg));
    const written = at < 0 ? 'cluster.local' : TRUST_DOMAIN.exec(args[at])![1] ?? args[at + 1];
    const field = ['spec', 'template', 'spec', 'containers', index, 'args', ...at < 0 ? [] : [at]];
    return [{ deployment, field, trustDomain: written === undefined || written.includes('$(') ? undefined : written }];
  });
}

/**
 * What fills Secret `cacerts`, or is it, in a namespace in which no istiod signs.
 *
 * @param istiods those that Deployments run; others may be known from the installer's files or the caller
 */
export function unusedCas(mesh: Mesh, istiods: readonly SigningIstiod[]): readonly FieldRef[] {
  const { caObjects } = mesh.objects;
  const told = toldVariables(mesh, CA_SERVER).map(({ namespace, value: signs }) => ({ namespace, signs }));
  const run = istiods.map(({ deployment: { namespace }, signs }) => ({ namespace, signs }));
  const known = [...run, ...told.filter(({ namespace }) => run.every((one) => one.namespace !== namespace))];
  const off = new Set(known.filter(({ signs }) => signs === false).map(({ namespace }) => namespace));
  for (const { namespace, signs } of known) if (signs !== false) off.delete(namespace);
  // An issuer of cert-manager may sign with it.
  const issuers = [...caObjects.of(KIND.Issuer), ...caObjects.of(KIND.ClusterIssuer)]
    .filter(({ spec }) => mapping(spec.ca).secretName === CA_SECRET_NAME);
  if (issuers.some((issuer) => isOf(issuer, KIND.ClusterIssuer))) return [];
  for (const { namespace } of issuers) off.delete(namespace);
  const name: FieldPath = ['metadata', 'name'];
  return [
    ...caObjects.of(KIND.Secret).filter((secret) => secret.name === CA_SECRET_NAME).map((object) => ({ object, field: name })),
    ...caObjects.of(KIND.Certificate).filter(({ spec }) => spec.secretName === CA_SECRET_NAME).map((object) => ({ object, field: ['spec', 'secretName'] })),
    ...caObjects.of(KIND.ExternalSecret).filter((secret) => (mapping(secret.spec.target).name ?? secret.name) === CA_SECRET_NAME)
      .map((object) => ({ object, field: name })),
  ].filter(({ object: { namespace } }) => off.has(namespace));
}
