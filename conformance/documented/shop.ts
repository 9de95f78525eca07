// A small mesh in the forms that the documented lines name: a chart, an overlay, manifests, and what a cluster holds.
import { dump } from 'js-yaml';
import { certificate } from '../../test/support/certificates/x509';
import type { Manifest } from '../manifest';

/** What differs between a sound mesh and a broken one. */
export interface Variant {
  /** The service that a DestinationRule of the mesh is for. */
  readonly host: 'ratings' | 'payments';
  /** What the DestinationRule makes clients send. */
  readonly tls: string;
  /** Whether the mesh has its namespace beside it, with sidecars; else the cluster has. */
  readonly isWhole: boolean;
}

const NAMESPACE = 'shop';
const ISTIOD = 'istio-system';
const OLD_PRINCIPAL = 'old.example/ns/shop/sa/web';

/** As Helm fills a template: some templates name the namespace of the release, and others leave it to whoever applies them. */
const IN_TEMPLATES = { namespace: '{{ .Release.Namespace }}', host: '{{ .Values.host }}', tls: '{{ .Values.tls }}', isWhole: true };

/** The chart, the overlay and the manifests of one variant, by path. */
export function filesOf(variant: Variant): Readonly<Record<string, string>> {
  const [namespace, ...others] = manifests(IN_TEMPLATES).map((object) => dump(object));
  const plain = manifests({ ...variant, namespace: NAMESPACE });
  return {
    'chart/Chart.yaml': dump({ apiVersion: 'v2', name: 'shop', version: '1.0.0' }),
    'chart/values.yaml': dump(variant),
    'chart/templates/mesh.yaml': `{{- if .Values.isWhole }}\n${namespace}---\n{{- end }}\n${others.join('---\n')}`,
    'base/kustomization.yaml': dump({ resources: ['mesh.yaml'] }),
    'base/mesh.yaml': asYaml(plain.map(withoutNamespace)),
    'overlays/prod/kustomization.yaml': dump({ namespace: NAMESPACE, resources: ['../../base'] }),
    'rendered.yaml': asYaml(manifests({ namespace: NAMESPACE, ...SOUND })),
  };
}

export const SOUND: Variant = { host: 'ratings', tls: 'ISTIO_MUTUAL', isWhole: true };

function manifests({ namespace, host, tls, isWhole }: Readonly<Record<'namespace' | 'host' | 'tls', string>> & { readonly isWhole: boolean }): readonly Manifest[] {
  return [
    ...isWhole ? [meshNamespace(namespace)] : [],
    workload('web'), workload('ratings'), service('ratings', 9080),
    { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace }, spec: { mtls: { mode: 'STRICT' } } },
    { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'client-tls', namespace }, spec: { host: `${host}.${namespace}.svc.cluster.local`, trafficPolicy: { tls: { mode: tls } } } },
  ];
}

function meshNamespace(name: string): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { 'istio-injection': 'enabled' } } };
}

function workload(name: string, namespace?: string): Manifest {
  const labels = { app: name };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name, image: `${name}:1` }] } } } };
}

function service(name: string, port: number, namespace?: string): Manifest {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace, labels: { app: name } }, spec: { selector: { app: name }, ports: [{ name: 'http', port }] } };
}

/** As a base has it: the overlay says where. */
function withoutNamespace(object: Manifest): Manifest {
  return { ...object, metadata: { ...object.metadata, namespace: undefined } };
}

function asYaml(objects: readonly object[]): string {
  return objects.map((object) => dump(object, { skipInvalid: true })).join('---\n');
}

/** What the cluster holds: a STRICT server, a PERMISSIVE one that a client without a sidecar calls, istiod's Service, and two CAs. */
export function clusterObjects(): readonly Manifest[] {
  const { pem, keyPem } = certificate({ commonName: 'istiod root', ca: true, keyUsage: [5, 6] });
  return [
    meshNamespace(NAMESPACE), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'batch' } }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ISTIOD } },
    workload('payments', NAMESPACE), service('payments', 8080, NAMESPACE), workload('catalog', NAMESPACE), service('catalog', 8080, NAMESPACE), workload('report', 'batch'),
    service('istiod', 15014, ISTIOD),
    { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'payments', namespace: NAMESPACE }, spec: { selector: { matchLabels: { app: 'payments' } }, mtls: { mode: 'STRICT' } } },
    secret('istio-ca-secret', { 'ca-cert.pem': pem, 'ca-key.pem': keyPem }),
    secret('cacerts', filesOfCa('plugged root')),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio-ca-root-cert', namespace: NAMESPACE }, data: { 'root-cert.pem': pem } },
  ];
}

/** A policy that names the former trust domain. */
export function oldNamePolicy(): Manifest {
  const rules = [{ from: [{ source: { principals: [OLD_PRINCIPAL] } }] }];
  return { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name: 'old-name', namespace: NAMESPACE }, spec: { selector: { matchLabels: { app: 'payments' } }, rules } };
}

/** A policy for the whole mesh. */
export function meshWidePolicy(): Manifest {
  return { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace: ISTIOD }, spec: { mtls: { mode: 'STRICT' } } };
}

/** A mesh config with another setting than Istio's. */
export function otherMeshConfig(): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: ISTIOD }, data: { mesh: dump({ enableAutoMtls: false }) } };
}

/** A webhook that changes pods. */
export function podWebhook(name: string): object {
  const clientConfig = { service: { name, namespace: ISTIOD, path: '/inject' } };
  const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }];
  const webhooks = [{ name: `${name}.shop.example`, clientConfig, rules, sideEffects: 'None', admissionReviewVersions: ['v1'] }];
  return { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'MutatingWebhookConfiguration', metadata: { name }, webhooks };
}

/** The four files of a CA, whose root signs. */
export function filesOfCa(commonName: string): Readonly<Record<string, string>> {
  const { pem, keyPem } = certificate({ commonName, ca: true, keyUsage: [5, 6] });
  return { 'root-cert.pem': pem, 'ca-cert.pem': pem, 'ca-key.pem': keyPem, 'cert-chain.pem': pem };
}

function secret(name: string, texts: Readonly<Record<string, string>>): Manifest {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: ISTIOD }, data: Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')])) };
}
