import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { findingsIn } from '../support/meshes/analysis';

const FIXTURES = join(__dirname, 'rules');

/** Bad examples that lack an object which other manifests of the namespace may hold, by rule. */
const MISSING: Readonly<Record<string, readonly string[]>> = {
  MTLS114: ['bad-host.yaml', 'bad-mirror-and-route.yaml', 'bad-mirror.yaml', 'bad-no-servers.yaml', 'bad-route-by-alias.yaml'],
  MTLS204: ['bad-key.yaml', 'bad-label-of-the-deployment.yaml', 'bad-revision.yaml', 'bad-undiscovered.yaml', 'bad-unlike.yaml', 'bad-value.yaml'],
  MTLS205: ['bad-no-such-port.yaml'],
  MTLS208: ['bad-namespace.yaml', 'bad-revision.yaml'],
  MTLS210: ['bad-letter-too-many.yaml', 'bad-swapped.yaml'],
  MTLS301: ['bad-mistyped.yaml', 'bad-of-a-chart.yaml', 'bad-short-name-elsewhere.yaml', 'bad-short-name-in-root-namespace.yaml', 'bad-unlike.yaml'],
  MTLS302: ['bad-port.yaml', 'bad-subsets.yaml', 'bad-tls.yaml'],
  MTLS305: ['bad-own-wildcard.yaml', 'bad-service-namespace.yaml'],
  MTLS310: ['bad-key.yaml', 'bad-machine.yaml', 'bad-routed.yaml', 'bad-version.yaml', 'bad-weight-0.yaml'],
  MTLS311: ['bad-delegate-and-layer-4.yaml', 'bad-full-name-from-another-namespace.yaml', 'bad-hidden.yaml', 'bad-many-subsets.yaml',
    'bad-mirror-of-calls.yaml', 'bad-mirror.yaml', 'bad-no-rule-at-all.yaml', 'bad-no-rule.yaml', 'bad-other-subset.yaml', 'bad-policies-only.yaml', 'bad-rule-without-subsets.yaml', 'bad-selector.yaml', 'bad-tcp.yaml'],
  MTLS315: ['bad-one.yaml', 'bad-other-namespace.yaml', 'bad-route-without-subset.yaml', 'bad-wildcard.yaml'],
  MTLS408: ['bad-mesh.yaml', 'bad-one-workload.yaml', 'bad-pods-opt-out.yaml'],
  MTLS502: ['bad-default-mode-beside-istiod.yaml', 'bad-default-mode-of-a-known-mesh.yaml', 'bad-default-mode-of-a-mesh-with-config.yaml'],
  MTLS504: ['bad-default-account.yaml', 'bad-for-a-gateway.yaml', 'bad-service-accounts.yaml', 'bad-typing-error.yaml'],
  MTLS509: ['bad-job.yaml'],
  MTLS603: ['bad-autoscaler-of-another.yaml', 'bad-each-kind.yaml'],
  MTLS604: ['bad-elsewhere.yaml', 'bad-no-service.yaml'],
  MTLS734: ['bad-mesh-config.yaml', 'bad-no-service.yaml'],
};

const namespacesOf = (text: string) => (loadAll(text) as any[]).map(({ kind, metadata }) => (kind === 'Namespace' ? metadata.name : metadata.namespace));

test.each([
  [['shop']], [['istio-system']],
])('MTLS502 doesn\'t report an open port if %j may hold a policy', (partialNamespaces) => {
  const text = readFileSync(join(FIXTURES, 'mtls502-deny-by-identity', 'bad-default-mode-beside-istiod.yaml'), 'utf8');
  expect([findingsIn(text).map(({ code }) => code), findingsIn(text, { partialNamespaces })]).toEqual([['MTLS502'], []]);
});

test.each(readdirSync(FIXTURES).filter((name) => name.startsWith('mtls')).map((name) => [name.slice(0, 7).toUpperCase(), join(FIXTURES, name)]))(
  'in partial namespaces, %s reports existing objects, but no missing ones', (code, folder) => {
    const silent = readdirSync(folder).filter((name) => name.startsWith('bad-')).sort().filter((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      const found = findingsIn(text, { partialNamespaces: namespacesOf(text) }).filter((finding) => finding.code === code);
      return found.length < findingsIn(text).filter((finding) => finding.code === code).length;
    });
    expect(silent).toEqual(MISSING[code] ?? []);
  });
