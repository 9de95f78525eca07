import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as cdk8s from 'cdk8s';
import { Chart, Testing } from 'cdk8s';
import { ModuleKind, transpileModule } from 'typescript';
import { CallExplanation, explain } from '../../src/explain/explanation';
import { changeText } from '../../src/findings/finding';
import * as library from '../../src/index';
import { Mesh } from '../../src/mesh/mesh';
import { callsNamed, workloadsNamed } from '../../src/mesh/queries/selection';
import { deployment, destinationRule, injected, mesh, mode, namespace, peerAuthentication, service, sidecar, tls, toHost, virtualService } from '../support/meshes/mesh';

const WEB = [injected('a'), deployment('a/client'), deployment('a/web'), service('a/web', ['http:80'])];

function explained(objects: unknown[], client = 'a/client', called = 'a/web:80'): CallExplanation {
  const one = mesh(objects);
  return explain(one, workloadsNamed(one, client)[0], callsNamed(one, called)[0]);
}

const first = (objects: unknown[]) => explained(objects).connections[0];

/** Runs construct code, given the original of a patched object, and returns the manifests. */
function emitted(code: string, former: object): any[] {
  const chart = new Chart(Testing.app(), 'chart');
  const patched = /ApiObject\.of\((\w+)\)/.exec(code)?.[1];
  const program = transpileModule(code, { compilerOptions: { module: ModuleKind.CommonJS } }).outputText;
  const load = (name: string): object => (name === 'cdk8s' ? cdk8s : library);
  const known = patched ? [new cdk8s.ApiObject(chart, 'former', former as any)] : [];
  new Function('require', 'exports', 'chart', ...patched ? [patched] : [], program)(load, {}, chart, ...known);
  return Testing.synth(chart);
}

describe('remedies', () => {
  const strict = peerAuthentication('a/default', mode('STRICT'));
  const cases: [string, unknown[], string, string][] = [
    ['a rule that says nothing else goes', [WEB, strict, destinationRule('a/web', { host: 'web', ...tls('DISABLE') })], 'a/client', 'a/web:80'],
    ['a rule keeps what else it says', [WEB, strict, destinationRule('a/web', { host: 'web', ...tls('DISABLE'), subsets: [{ name: 'v1', labels: { app: 'web' } }] })], 'a/client', 'a/web:80'],
    ['a policy', [WEB, peerAuthentication('a/default', mode('DISABLE'))], 'a/client', 'a/web:80'],
    ['a client gets a sidecar', [WEB, strict, namespace('b'), deployment('b/bare', { labels: { app: 'bare' } })], 'b/bare', 'a/web:80'],
    ['a server gets one', [WEB, namespace('b'), deployment('b/bare', { labels: { app: 'bare' } }), service('b/bare', ['http:80'])], 'a/client', 'b/bare:80'],
    ['a server takes plaintext, too', [WEB, strict, deployment('a/host', { spec: { hostNetwork: true } })], 'a/host', 'a/web:80'],
    ['in its own policy', [WEB, peerAuthentication('a/web', { selector: { matchLabels: { app: 'web' } }, ...mode('STRICT') }), deployment('a/host', { spec: { hostNetwork: true } })], 'a/host', 'a/web:80'],
    ['an annotation goes', [WEB, strict, deployment('a/other', { annotations: { 'traffic.sidecar.istio.io/excludeOutboundPorts': '80' } })], 'a/other', 'a/web:80'],
    ['a Sidecar imports the service', [WEB, strict, injected('b'), deployment('b/client'), sidecar('b/default', { egress: [{ hosts: ['./*'] }] })], 'b/client', 'a/web:80'],
    ['a service is exported', [WEB, strict, service('a/web', ['http:80'], { annotations: { 'networking.istio.io/exportTo': 'x' } })], 'a/client', 'a/web:80'],
    ['a rule for some ports', [WEB, strict, destinationRule('a/web', { host: 'web', exportTo: ['.'], trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'DISABLE' } }, { port: { number: 81 }, tls: { mode: 'DISABLE' } }] } })], 'a/client', 'a/web:80'],
    ['a rule that no construct says', [WEB, strict, destinationRule('a/web', { host: 'web', trafficPolicy: { loadBalancer: { simple: 'RANDOM' }, tls: { mode: 'DISABLE' } } })], 'a/client', 'a/web:80'],
    ['a policy for a port of the mesh', [WEB, namespace('istio-system'), peerAuthentication('istio-system/default', mode('DISABLE'), { labels: { team: 'x' } })], 'a/client', 'a/web:80'],
  ];

  test.each(cases)('%s', (_, objects, client, called) => {
    const { advice, transport } = explained(objects, client, called).connections[0];
    const { change, yaml: _yaml, ...mending } = advice!.mending!;
    expect({ before: transport.outcome, rule: advice!.rule?.code, fix: advice!.fix, change: changeText(change), ...mending }).toMatchSnapshot();
  });

  test.each(cases)('%s, as construct code', (_, objects, client, called) => {
    const { advice } = explained(objects, client, called).connections[0];
    const { change, code, outcome } = advice!.mending!;
    const all = objects.flat(3) as any[];
    const { object } = change;
    const isMeant = ({ kind, metadata }: any) => kind === object.kind && (metadata.namespace ?? '') === object.namespace && metadata.name === object.name;
    const made = code.startsWith('//') ? [] : emitted(code, all.filter(isMeant).at(-1));
    const after = mesh([...all.filter((one) => !isMeant(one)), ...made]);
    const [latter] = workloadsNamed(after, client);
    const { connections } = explain(after, latter, callsNamed(after, called)[0]);
    expect(connections.map(({ transport }) => transport.outcome)).toContain(outcome);
  });

  test.each<[string, object, object, string, string | undefined]>([
    ['an annotation', { annotations: { 'sidecar.istio.io/inject': 'false' } }, { 'istio-injection': 'enabled' }, 'remove spec.template.metadata.annotations[sidecar.istio.io/inject] in Deployment b/bare', 'remove sidecar.istio.io/inject'],
    ['a label', { labels: { 'app': 'bare', 'sidecar.istio.io/inject': 'false' } }, { 'istio-injection': 'enabled' }, 'remove spec.template.metadata.labels[sidecar.istio.io/inject] in Deployment b/bare', 'remove sidecar.istio.io/inject'],
    ['an annotation, beside the label that is needed', { annotations: { 'sidecar.istio.io/inject': 'false' } }, {},
      'set spec.template.metadata.labels[sidecar.istio.io/inject] to \'true\', and remove spec.template.metadata.annotations[sidecar.istio.io/inject] in Deployment b/bare', undefined],
  ])('agrees with check on a client without a sidecar because of %s', (_, pod, labels, change, fix) => {
    const { advice } = explained([WEB, strict, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'b', labels } }, deployment('b/bare', pod)], 'b/bare').connections[0];
    expect(changeText(advice!.mending!.change)).toBe(change);
    expect(advice!.fix).toContain(fix ?? '');
  });

  test('a call without a tried change gets advice in words', () => {
    const { advice } = first([WEB, virtualService('a/web', { hosts: ['web'], http: [toHost('web', { subset: 'v1' })] })]);
    expect(JSON.parse(JSON.stringify(advice))).toEqual({ rule: { code: 'MTLS311', title: expect.any(String) }, fix: expect.stringContaining('add a DestinationRule') });
  });

  test('in a large mesh, only the call itself is checked', () => {
    const many = Array.from({ length: 600 }, (_, index) => deployment(`a/d${index}`));
    const { advice } = first([WEB, strict, destinationRule('a/web', { host: 'web', ...tls('DISABLE') }), many]);
    expect(advice!.mending).toMatchObject({ outcome: 'mtls', spares: false });
  });
});

describe('the number of tried changes', () => {
  const strict = peerAuthentication('a/default', mode('STRICT'));
  const servers = (count: number) => Array.from({ length: count }, (_, index) => deployment(`a/part-${index}`, { labels: { app: `part-${index}`, tier: 'back' }, ports: [{ containerPort: 80 }] }));
  const back = service('a/back', ['http:80'], { selector: { tier: 'back' } });
  /** Can't have a sidecar, so each server needs its own change. */
  const agent = deployment('a/agent', { spec: { hostNetwork: true } });

  function mended(objects: unknown[], client: string) {
    const one = mesh([injected('a'), deployment('a/client'), agent, back, ...objects]);
    const made = jest.spyOn(Mesh.prototype, 'with');
    const { connections } = explain(one, workloadsNamed(one, client)[0], callsNamed(one, 'a/back:80')[0]);
    const tried = made.mock.calls.length;
    made.mockRestore();
    return { tried, servers: connections.length, mended: connections.filter(({ advice }) => advice?.mending).length };
  }

  test('is one if a change fixes the call at all servers', () => {
    expect(mended([servers(20), strict, destinationRule('a/back', { host: 'back', ...tls('DISABLE') })], 'a/client')).toEqual({ tried: 1, servers: 20, mended: 20 });
  });

  test('is limited for changes of single servers, and lower in a large mesh', () => {
    const [small, large] = [mended([servers(70), strict], 'a/agent'), mended([servers(70), strict, Array.from({ length: 500 }, (_, index) => namespace(`n${index}`))], 'a/agent')];
    expect([small.tried, large.tried]).toEqual([60, 8]);
    expect([small.mended, large.mended]).toEqual([60, 8]);
    expect(readFileSync(join(__dirname, '../../docs/explain.md'), 'utf8')).toContain(`for all servers of a call ${small.tried}, or ${large.tried} in such a larger mesh`);
  });
});
