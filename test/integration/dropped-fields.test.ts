import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { networking, security } from '../../src/index';
import { withDroppedFields } from '../../src/integration/dropped-fields';

const chart = () => new Chart(new App(), 'shop', { namespace: 'shop' });
const judged = (object: ApiObject) => withDroppedFields(object, object.toJson());

test('a plain ApiObject drops nothing', () => {
  const object = new ApiObject(chart(), 'it', { apiVersion: 'a/v1', kind: 'A', spec: { b: {} } });
  const manifest = object.toJson();
  expect(withDroppedFields(object, manifest)).toBe(manifest);
});

test('an unknown field of a binding comes back', () => {
  const it = new security.PeerAuthentication(chart(), 'it', { spec: { mtls: { mod: 'STRICT' } } as any });
  expect(it.toJson().spec).toEqual({ mtls: {} });
  expect(judged(it).spec).toEqual({ mtls: { mod: 'STRICT' } });
});

test('an unknown field of a JSON patch comes back, in lists too', () => {
  const it = new networking.VirtualService(chart(), 'it', { spec: { hosts: ['a'], http: [{ name: 'a' }, { name: 'b' }] } });
  it.addJsonPatch(JsonPatch.add('/spec/http/1/nothing', 5));
  expect(JSON.stringify(it.toJson())).not.toContain('nothing');
  expect(judged(it).spec.http).toEqual([{ name: 'a' }, { name: 'b', nothing: 5 }]);
});

test.each([
  ['mirrorPercent', 'mirror_percent', (it: Chart) => new networking.VirtualService(it, 'it', { spec: { http: [{ mirrorPercent: 50 }] } }), (spec: any) => spec.http[0]],
  ['consecutive5XxErrors', 'consecutive5xxErrors', (it: Chart) => new networking.DestinationRule(it, 'it', { spec: { host: 'a', trafficPolicy: { outlierDetection: { consecutive5XxErrors: 1 } } } }), (spec: any) => spec.trafficPolicy.outlierDetection],
] as const)('the binding\'s %s is the API\'s %s, and nothing is dropped', (_, name, create, place) => {
  const { spec } = judged(create(chart()));
  expect(Object.keys(place(spec))).toEqual([name]);
});
