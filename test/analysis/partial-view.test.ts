import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { withCertificates } from '../support/certificates/certificates-of-examples';
import { examplesOf } from '../support/documents/rule-page';
import { findingsIn, sentenceOf } from '../support/meshes/analysis';

const PAGES = join(__dirname, '..', '..', 'docs', 'rules');

/** Meshes without findings: the good examples of the rules' pages. */
const meshes: readonly (readonly [string, any[]])[] = readdirSync(PAGES).filter((name) => name.startsWith('mtls')).sort().map((name) => {
  const { good } = examplesOf(readFileSync(join(PAGES, name), 'utf8'));
  return [name, loadAll(withCertificates(good))];
});

/** Common manifests without findings. */
const AROUND: readonly (readonly [string, string])[] = [
  ['a gateway of another mesh', `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ratings, namespace: shop}
spec:
  hosts: [ratings.shop.global]
  location: MESH_INTERNAL
  resolution: DNS
  ports: [{number: 80, name: http, protocol: HTTP}]
  endpoints: [{address: gateway.example.com, ports: {http: 15443}, labels: {security.istio.io/tlsMode: istio}}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: global, namespace: istio-system}
spec: {host: '*.global', trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
`],
  ['a database, jobs and names outside of the mesh', `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: db, namespace: shop}
spec: {hosts: [db.example.com], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 5432, name: tcp, protocol: TCP}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: db, namespace: shop}
spec: {host: db.example.com, trafficPolicy: {connectionPool: {tcp: {maxConnections: 9}}}}
---
apiVersion: v1
kind: Service
metadata: {name: legacy, namespace: shop}
spec: {type: ExternalName, externalName: legacy.example.com, ports: [{port: 5432, name: tcp}]}
---
apiVersion: v1
kind: Service
metadata: {name: kube-dns, namespace: kube-system}
spec: {selector: {k8s-app: kube-dns}, ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53}]}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: report, namespace: shop}
spec: {jobTemplate: {spec: {template: {metadata: {labels: {app: report, part-of: shop, sidecar.istio.io/inject: 'false'}}}}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: kafka, namespace: shop}
spec: {template: {metadata: {labels: {app: kafka, part-of: shop}}, spec: {containers: [{name: kafka, ports: [{name: client, containerPort: 9092}]}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: kafka, namespace: shop}
spec: {clusterIP: None, selector: {app: kafka}, ports: [{name: tcp, port: 9092, targetPort: client}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: shop, namespace: shop}
spec: {selector: {matchLabels: {part-of: shop}}, rules: [{to: [{operation: {ports: ["9092"]}}]}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
`],
];

const namespaceOf = ({ kind, metadata }: any) => (kind === 'Namespace' ? metadata.name : metadata.namespace);

describe.each([...meshes, ...AROUND.map(([name, text]) => [name, loadAll(text) as any[]] as const)])('the manifests of %s', (_, objects) => {
  test('have no findings for policies without workloads', () => {
    expect(findingsIn(objects.filter(({ apiVersion }) => apiVersion.includes('istio.io'))).map(sentenceOf)).toEqual([]);
  });

  test('have no findings if a namespace is missing', () => {
    const namespaces = [...new Set(objects.map(namespaceOf))];
    expect(namespaces.flatMap((missing) => findingsIn(objects.filter((object) => namespaceOf(object) !== missing)).map(sentenceOf))).toEqual([]);
  });

  test('have no findings if a service or workload of a partial namespace is missing', () => {
    const found = objects.filter(({ apiVersion, kind }) => kind !== 'Namespace' && !/istio|webhook/.test(apiVersion)).flatMap((missing) =>
      findingsIn(objects.filter((object) => object !== missing), { partialNamespaces: [namespaceOf(missing)] })
        .map((finding) => `without ${missing.kind} ${missing.metadata.name}: ${sentenceOf(finding)}`));
    expect(found).toEqual([]);
  });

  test('have no findings if the Namespace objects are missing', () => {
    expect(findingsIn(objects.filter(({ kind }) => kind !== 'Namespace')).map(sentenceOf)).toEqual([]);
  });
});

