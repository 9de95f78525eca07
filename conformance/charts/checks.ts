// What must be true of the objects that Istio's charts make of the constructs' values.
import { isDeepStrictEqual } from 'node:util';
import { dump } from 'js-yaml';
import { libraryModule } from '../library';
import type { Installation } from './installations';
import { injected, type Injector, meshConfigsRead, NotRendered } from './rendered';

/** What is wrong with one istiod as it was rendered, a sentence each. */
export function problemsIn(installation: Installation, objects: readonly any[]): string[] {
  const { namespace, revision } = installation;
  const suffix = revision === undefined ? '' : `-${revision}`;
  const named = (kind: string, name: string): any => {
    const found = objects.filter((object) => object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace);
    if (found.length !== 1) throw new NotRendered(`there are ${found.length} ${kind} '${namespace}/${name}'; expected one`);
    return found[0];
  };
  const [istiod] = named('Deployment', `istiod${suffix}`).spec.template.spec.containers;
  const { volumes } = named('Deployment', `istiod${suffix}`).spec.template.spec;
  const { config, values } = named('ConfigMap', `istio-sidecar-injector${suffix}`).data;
  const { mesh } = named('ConfigMap', `istio${suffix}`).data;
  return [
    ...different('ENABLE_CA_SERVER', environment(istiod, 'ENABLE_CA_SERVER'), ['false']),
    ...different('CLUSTER_ID', environment(istiod, 'CLUSTER_ID'), [installation.clusterId]),
    ...proxyProblems(installation, { config, values, mesh, revision: revision ?? 'default' }),
    ...meshConfigProblems(installation, mesh),
    ...servingProblems(installation, { istiod, volumes, service: named('Service', `istiod${suffix}`), objects }),
    ...installation.ztunnelHelmValues === undefined ? [] : ztunnelProblems(installation, named('DaemonSet', 'ztunnel')),
    ...injectionProblems(revision ?? 'default', [...objects, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }], meshConfigsRead([mesh]).every(({ enableAutoMtls }: any) => enableAutoMtls !== false)),
    ...findings(objects),
  ];
}

function different(what: string, actual: unknown, expected: unknown): string[] {
  return isDeepStrictEqual(actual, expected) ? [] : [`${what} is ${JSON.stringify(actual)}; expected ${JSON.stringify(expected)}`];
}

/** All values of a variable: of two, Kubernetes takes the last. */
function environment({ env }: any, name: string): string[] {
  return env.filter((variable: any) => variable.name === name).map(({ value }: any) => value);
}

/** Pods of each kind that the injector makes proxies in. */
const PODS = {
  sidecar: { metadata: { name: 'web', namespace: 'shop' }, spec: { containers: [{ name: 'web', image: 'web' }] } },
  gateway: {
    metadata: { name: 'ingress', namespace: 'shop', annotations: { 'inject.istio.io/templates': 'gateway' } },
    spec: { containers: [{ name: 'istio-proxy', image: 'auto' }] },
  },
};

/** Where the injector has proxies ask, and under which names. */
function proxyProblems({ caAddress, clusterId, trustDomain }: Installation, injector: Injector): string[] {
  const pods = injected(injector, Object.values(PODS).map((pod) => ({ apiVersion: 'v1', kind: 'Pod', ...pod })));
  return Object.keys(PODS).flatMap((kind, index) => {
    const { containers, initContainers = [] } = pods[index].spec;
    const proxy = [...containers, ...initContainers].find(({ name }: any) => name === 'istio-proxy');
    if (proxy === undefined) return [`the injector makes no ${kind}`];
    return [
      ...different(`CA_ADDR of a ${kind}`, environment(proxy, 'CA_ADDR'), [caAddress]),
      ...different(`ISTIO_META_CLUSTER_ID of a ${kind}`, environment(proxy, 'ISTIO_META_CLUSTER_ID'), [clusterId]),
      ...different(`TRUST_DOMAIN of a ${kind}`, environment(proxy, 'TRUST_DOMAIN'), [trustDomain]),
    ];
  });
}

/** istiod must take what the chart made of the values for what the ConfigMap of the construct says. */
function meshConfigProblems({ meshConfig, trustDomain, certificate }: Installation, text: string): string[] {
  const [rendered, emitted] = meshConfigsRead([text, meshConfig]) as any[];
  const fields = [...new Set([...Object.keys(rendered), ...Object.keys(emitted)])];
  const [discovery] = rendered.defaultConfig.discoveryAddress.split(':');
  return [
    ...different('trustDomain', rendered.trustDomain, trustDomain),
    ...namesMissing(certificate, [discovery]),
    ...fields.flatMap((field) => different(`${field} of the mesh config`, rendered[field], emitted[field])),
  ];
}

const SERVING = '/var/run/secrets/istiod/tls';

/** istiod must serve by the construct's Certificate, under the names by which it is called. */
function servingProblems({ certificate, namespace, trustDomain }: Installation, { istiod, volumes, service, objects }: any): string[] {
  const { secretName, uris } = (certificate as any).spec;
  const mounts = istiod.volumeMounts.filter(({ mountPath }: any) => mountPath === SERVING);
  const secrets = volumes.filter(({ name }: any) => mounts.some((mount: any) => mount.name === name)).map(({ secret }: any) => secret.secretName);
  const webhooks = objects.filter(({ kind }: any) => /WebhookConfiguration$/.test(kind)).flatMap((object: any) => object.webhooks)
    .map(({ clientConfig }: any) => `${clientConfig.service.name}.${clientConfig.service.namespace}.svc`);
  const names: string[] = [`${service.metadata.name}.${service.metadata.namespace}.svc`, ...webhooks];
  return [
    ...different(`the Secret at ${SERVING}`, secrets, [secretName]),
    ...different('the namespace of the Certificate', certificate.metadata.namespace, namespace),
    ...different('the identity in the Certificate', uris, [`spiffe://${trustDomain}/ns/${namespace}/sa/istiod-service-account`]),
    ...namesMissing(certificate, names),
  ];
}

/** The names by which istiod is called that its certificate lacks. */
function namesMissing(certificate: any, names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => !certificate.spec.dnsNames.includes(name)).map((name) => `the Certificate has no name ${name}, by which istiod is called`);
}

function ztunnelProblems({ caAddress, clusterId, certificate }: Installation, { spec }: any): string[] {
  const [ztunnel] = spec.template.spec.containers;
  return [
    ...different('CA_ADDRESS of ztunnel', environment(ztunnel, 'CA_ADDRESS'), [caAddress]),
    ...different('ISTIO_META_CLUSTER_ID of ztunnel', environment(ztunnel, 'ISTIO_META_CLUSTER_ID'), [clusterId]),
    ...namesMissing(certificate, environment(ztunnel, 'XDS_ADDRESS').map((address) => address.split(':')[0])),
  ];
}

/** Labels of a namespace, and of its pods, that ask for a sidecar in different ways. */
function askingFor(revision: string): readonly Labelled[] {
  const injection = { 'istio-injection': 'enabled' };
  const asked = { 'istio.io/rev': revision };
  const inject = { 'sidecar.istio.io/inject': 'true' };
  const ofNamespace = [injection, asked, {}].map((namespace) => ({ namespace, pod: {} }));
  return [...ofNamespace, { namespace: {}, pod: asked }, { namespace: {}, pod: inject }];
}

interface Labelled {
  readonly namespace: Readonly<Record<string, string>>;
  readonly pod: Readonly<Record<string, string>>;
}

/** The model must give pods a sidecar where a webhook of the chart takes them; where only another revision's would, that isn't known. */
function injectionProblems(revision: string, objects: readonly any[], autoMtls: boolean): string[] {
  const webhooks = objects.filter(({ kind }) => kind === 'MutatingWebhookConfiguration').flatMap((object) => object.webhooks);
  return askingFor(revision).flatMap(({ namespace, pod }) => {
    const isTaken = webhooks.some((one: any) => selects(one.namespaceSelector, namespace) && selects(one.objectSelector, pod));
    const asks = Object.keys(namespace).length + Object.keys(pod).length > 0;
    return different(`a call between pods labelled ${JSON.stringify(pod)} in a namespace labelled ${JSON.stringify(namespace)}`,
      outcomeOf(objects, { namespace, pod }), isTaken && autoMtls ? 'mtls' : isTaken || !asks ? 'plaintext' : 'undecided');
  });
}

function selects({ matchExpressions = [], matchLabels = {} }: any, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value) && matchExpressions.every(({ key, operator, values }: any) => {
    switch (operator) {
      case 'In': return values.includes(labels[key]);
      case 'NotIn': return !values.includes(labels[key]);
      case 'Exists': return key in labels;
      case 'DoesNotExist': return !(key in labels);
      default: throw new NotRendered(`a webhook selects by ${operator}; expected an operator of Kubernetes`);
    }
  });
}

/** The outcome of the call of one pod to another beside what is rendered. */
function outcomeOf(objects: readonly any[], { namespace, pod }: Labelled): string {
  const { MtlsAnalysis } = libraryModule('index');
  const ofKind = (apiVersion: string, kind: string, name: string, spec: object) => ({ apiVersion, kind, metadata: { name, namespace: 'probe' }, spec });
  const pods = (name: string) => ofKind('v1', 'Pod', name, { containers: [{ name, image: name, ports: [{ containerPort: 80 }] }] });
  const labelled = (name: string) => ({ ...pods(name), metadata: { name, namespace: 'probe', labels: { app: name, ...pod } } });
  const probe = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'probe', labels: namespace } }, labelled('client'), labelled('server'),
    ofKind('v1', 'Service', 'server', { selector: { app: 'server' }, ports: [{ name: 'http', port: 80 }] }),
  ];
  const yaml = [...objects, ...probe].map((object) => dump(object)).join('---\n');
  const [{ outcome }] = MtlsAnalysis.ofYaml(yaml).connections({ client: 'Pod/probe/client', service: 'probe/server' });
  return outcome;
}

/** What the analysis finds, of the CA of workloads above all; the rendered objects have no other mistakes. */
function findings(objects: readonly any[]): string[] {
  const { MtlsAnalysis } = libraryModule('index');
  return MtlsAnalysis.ofYaml(objects.map((object) => dump(object)).join('---\n')).findings.map(({ code, message }) => `${code} is found: ${message}`);
}
