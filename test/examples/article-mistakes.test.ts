import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPaths } from '../../src/cli/input/reading';
import { Progress } from '../../src/cli/output/terminal';
import { validate } from '../../src/cli/validate/report';
import { fieldText } from '../../src/findings/finding';

/** What `istio-mtls validate` tells of a text of the article. */
async function told(text: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'article-'));
  const file = join(folder, 'article.yaml');
  writeFileSync(file, text);
  try {
    const reading = await readPaths({ judged: [file] }, {}, { input: () => process.stdin, progress: new Progress(process.stderr, () => 0) });
    const { findings } = validate(reading, {});
    expect(reading.unreadable).toEqual([]);
    return findings.map(({ code, severity, field, fix }) => `${severity} ${code} ${fieldText(field)}: ${fix}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('row 5: a route to a subset that nothing defines', async () => {
  expect(await told(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: my-service-vs, namespace: my-namespace}
spec:
  hosts: [my-service.my-namespace.svc.cluster.local]
  http:
  - route:
    - destination: {host: my-service.my-namespace.svc.cluster.local, subset: v1}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: my-service-dr, namespace: my-namespace}
spec:
  host: my-service.my-namespace.svc.cluster.local
  trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}
`)).toEqual([expect.stringMatching(/^warning ADMIT801 spec\.http\[0\]\.route\[0\]\.destination\.subset: add 'v1'/)]);
});

test.each([
  ['security.istio.io/v1beta1', 'PeerAuthentication', '{mtls: {mode: STRICT}}'],
  ['networking.istio.io/v1alpha3', 'DestinationRule', '{host: a}'],
])('row 11: %s is outdated', async (apiVersion, kind, spec) => {
  expect(await told(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: default, namespace: a}\nspec: ${spec}\n`)).toEqual([
    `info ADMIT108 apiVersion: write apiVersion: ${apiVersion.split('/')[0]}/v1; nothing else changes`,
  ]);
});

test('row 12: MeshPolicy is gone', async () => {
  const findings = await told(`
apiVersion: authentication.istio.io/v1alpha1
kind: MeshPolicy
metadata: {name: default}
spec:
  peers:
  - mtls: {credentialName: my-credential, mode: STRICT}
`);
  expect(findings).toEqual([expect.stringMatching(/^error ADMIT104 kind: rewrite it as .*PeerAuthentication/)]);
});

test('row 12: its fields are none of PeerAuthentication\'s', async () => {
  const findings = await told(`
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: istio-system}
spec:
  peers:
  - mtls: {credentialName: my-credential, mode: STRICT}
`);
  expect(findings).toEqual([expect.stringMatching(/^error ADMIT201 spec\.peers: /)]);
});

test('row 13: Secret custom-ca is never read', async () => {
  const findings = await told(`
apiVersion: v1
kind: Secret
metadata: {name: custom-ca, namespace: istio-system}
data: {root-cert.pem: YQ==, cert-chain.pem: YQ==, key.pem: YQ==}
`);
  expect(findings).toEqual([expect.stringMatching(/^warning ADMIT709 metadata\.name: name it 'cacerts', with the keys ca-cert\.pem, ca-key\.pem, root-cert\.pem, cert-chain\.pem$/)]);
});

test('row 14: no field bounds the age of a session', async () => {
  const findings = await told(`
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: my-service-dr, namespace: my-namespace}
spec:
  host: my-service.my-namespace.svc.cluster.local
  trafficPolicy:
    tls: {mode: ISTIO_MUTUAL, maxSessionAge: 300s, maxSessionAgeGrace: 50s}
`);
  expect(findings).toHaveLength(2);
  for (const finding of findings) {
    expect(finding).toMatch(/^error ADMIT201 spec\.trafficPolicy\.tls\.maxSessionAge(Grace)?: .*maxConnectionDuration.*idleTimeout.*maxRequestsPerConnection/);
  }
});
