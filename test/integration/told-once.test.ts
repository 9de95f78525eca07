import { ApiObject, App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { FailOn, MtlsAnalysis, MtlsMode, NamespaceOverride, StrictMeshMtls, WorkloadOverride } from '../../src';
import { toldOnce } from '../../src/integration/told-once';

/** The codes with which the synth of an app fails that is analyzed. */
function codesOf(build: (shop: Chart, ratings: kplus.Deployment) => void): readonly string[] {
  const app = new App();
  MtlsAnalysis.attach(app, { failOn: [FailOn.INFO] });
  const shop = new Chart(app, 'shop', { namespace: 'shop' });
  new kplus.Namespace(shop, 'namespace', { metadata: { name: 'shop', labels: { 'istio-injection': 'enabled' } } });
  const ratings = new kplus.Deployment(shop, 'ratings', { containers: [{ image: 'ratings:1', ports: [{ name: 'http', number: 9080 }] }] });
  ratings.exposeViaService({ name: 'ratings', ports: [{ name: 'http', port: 80, targetPort: 9080 }] });
  build(shop, ratings);
  try {
    app.synthYaml();
    return [];
  } catch (error) {
    return [...(error as Error).message.matchAll(/\[((?:MTLS|ADMIT|API)\d{3})\]$/gm)].map(([, code]) => code);
  }
}

test.each<[string, (shop: Chart, ratings: kplus.Deployment) => void, readonly string[]]>([
  ['a Service\'s port', (shop, workload) => new WorkloadOverride(shop, 'it', { workload, mode: MtlsMode.STRICT, ports: [{ port: 80, mode: MtlsMode.PERMISSIVE }] }), ['API088']],
  ['two overrides', (shop, workload) => ['a', 'b'].forEach((id) => new WorkloadOverride(shop, id, { workload, mode: id === 'a' ? MtlsMode.STRICT : MtlsMode.PERMISSIVE })), ['API007']],
  ['two policies of a namespace', (shop) => ['a', 'b'].forEach((id) => new NamespaceOverride(shop, id, { mode: id === 'a' ? MtlsMode.STRICT : MtlsMode.DISABLE })), ['API002']],
  ['two policies of the mesh', (shop) => ['a', 'b'].forEach((id) => new StrictMeshMtls(shop, id)), ['API001']],
  ['a word that the API doesn\'t have', (shop) => new ApiObject(shop, 'it', {
    apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { namespace: 'shop' }, spec: { selector: { matchLabels: { app: 'none' } }, mtls: { mode: 'STRICTT' } },
  } as never), ['ADMIT204']],
])('%s is reported once', (_, build, codes) => {
  expect(codesOf(build)).toEqual(codes);
});

test('keeps messages about other objects, and sorts rejections first', () => {
  const found = 'PeerAuthentication \'a/b\' (c): x is y; expected z. Fix: f. [MTLS205]';
  const other = 'PeerAuthentication \'a/c\' (c): x is y; expected z. Fix: f. [ADMIT204]';
  const refused = 'PeerAuthentication \'a/d\' (c): x is y; expected z. Fix: f. [API088]';
  expect(toldOnce([found, refused, other])).toEqual([other, found, refused]);
  expect(toldOnce(['no code at all'])).toEqual(['no code at all']);
});
