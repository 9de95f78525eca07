// Values that a language without types lets through: each is refused in words that say what was passed, with advice that isn't to pass just that.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import * as library from '../../src';

const { Caller, CaSource, ClientTls, ExternalProtocol, ExternalSecretStore, IstioCsrIssuer, MachineProxy, MtlsMode, Pods } = library;

type Props = Readonly<Record<string, unknown>>;
type Maker = new (scope: Construct, id: string, props: never) => unknown;

const pods = () => Pods.withLabels({ app: 'web' });

/** The props of each construct, by class; the test replaces each value in turn. */
const PROPS: Readonly<Record<string, () => Props>> = {
  AllowedCallers: () => ({ workload: pods(), namespace: 'shop', callers: [Caller.namespace('b')], ports: [80], methods: ['GET'], paths: ['/a'], hosts: ['a'] }),
  CustomCa: () => ({ source: CaSource.externalSecret({ store: ExternalSecretStore.clusterSecretStore('vault'), key: 'ca' }), namespace: 'istio-system' }),
  DefaultDeny: () => ({ namespace: 'shop' }),
  Destination: () => ({ host: 'web', namespace: 'shop', tls: ClientTls.istioMutual(), client: pods(), ports: [{ port: 80, tls: ClientTls.disable() }], subsets: [{ name: 'v1', labels: { v: '1' } }] }),
  ExternalService: () => ({ hosts: ['bank.example'], namespace: 'shop', addresses: ['10.0.0.1'], ports: [{ port: 443, protocol: ExternalProtocol.TLS }], client: pods(), clientServiceAccount: 'till' }),
  IstioCsr: () => ({ issuer: IstioCsrIssuer.ownCa(), revisions: ['default'] }),
  IstioMesh: () => ({ namespace: 'mesh', trustDomain: 'corp.example', clusterDomain: 'k8s.example' }),
  MachineService: () => ({ host: 'billing.example', namespace: 'shop', addresses: ['10.0.0.1'], ports: [{ name: 'http', port: 80, targetPort: 8080 }], proxy: MachineProxy.sidecar('billing'), labels: { app: 'billing' } }),
  MeshConfig: () => ({ trustDomainAliases: ['old'], accessLogFile: '/dev/stdout' }),
  MeshMonitoring: () => ({ namespace: 'mon', labels: { a: '1' }, istiod: { namespace: 'mesh', app: 'pilot' }, sidecars: { podNamespaces: ['a'], statusPort: 15020 } }),
  MeshMtls: () => ({ mode: MtlsMode.PERMISSIVE, clientTls: { exceptHosts: ['a.b.svc.cluster.local'] } }),
  MtlsAlerts: () => ({ namespace: 'mon', plaintext: { exceptNamespaces: ['a'] } }),
  NamespaceOverride: () => ({ mode: MtlsMode.STRICT, namespace: 'shop' }),
  RequiredToken: () => ({ workload: pods(), namespace: 'shop', issuers: [{ issuer: 'https://a.example', jwksUri: 'https://a.example/keys', audiences: ['shop'] }], exceptPorts: [9090], exceptPaths: ['/a'], exceptMethods: ['GET'] }),
  SidecarScope: () => ({ workload: pods(), namespace: 'shop', hosts: ['shop/web.shop.svc.cluster.local'] }),
  WorkloadOverride: () => ({ workload: pods(), namespace: 'shop', mode: MtlsMode.STRICT, ports: [{ port: 80, mode: MtlsMode.PERMISSIVE }] }),
};

/** Odd values, and advice that must not follow each. */
const ODD: readonly (readonly [what: string, value: () => unknown, notAdvised?: RegExp])[] = [
  ['a token', () => Lazy.any({ produce: () => 'web' })],
  ['an object', () => ({ app: 'web' }), /pass an object/],
  ['a list', () => ['web'], /pass a list/],
  ['a number', () => 4.5, /pass a number/],
  ['null', () => null],
  ['labels of pods', () => Pods.withLabels({ app: 'web' }), /Pods\.withLabels/],
  ['a caller', () => Caller.namespace('shop'), /Caller\.namespace/],
  ['TLS', () => ClientTls.disable(), /ClientTls\.disable/],
  ['an object of a cluster', () => new ApiObject(new Chart(new App(), 'other'), 'it', { apiVersion: 'v1', kind: 'Secret' }), /pass ApiObject/],
];

/** The paths of all values in props that are no objects of a class. */
function pathsIn(value: unknown): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [[]];
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? [[], ...Object.entries(value).flatMap(([key, one]) => pathsIn(one).map((path) => [key, ...path]))] : [[]];
}

function replaced(value: any, [step, ...rest]: readonly (string | number)[], by: unknown): any {
  if (step === undefined) return by;
  const copy = Array.isArray(value) ? [...value as unknown[]] : { ...value };
  copy[step] = replaced(copy[step], rest, by);
  return copy;
}

/** A construct's error for its props, at creation or synth; undefined if it accepts them. */
function saidOf(name: string, props: unknown): string | undefined {
  const app = new App();
  try {
    new (library as unknown as Record<string, Maker>)[name](new Chart(app, 'chart', { namespace: 'shop' }), 'it', props as never);
    app.synthYaml();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function isList(props: unknown, path: readonly (string | number)[]): boolean {
  return Array.isArray(path.reduce((value: any, step) => value[step], props));
}

test.each(Object.keys(PROPS))('%s refuses values of a wrong type with useful errors', (name) => {
  expect(saidOf(name, PROPS[name]())).toBeUndefined();
  const bad: string[] = [];
  for (const path of pathsIn(PROPS[name]()).filter(({ length }) => length > 0)) {
    for (const [what, value, notAdvised] of ODD) {
      const said = saidOf(name, replaced(PROPS[name](), path, value()));
      if (said === undefined) continue;
      const fix = [...said.matchAll(/ Fix: (.*?)\. \[/g)].map(([, text]) => text).join();
      const own = /\[(?:MTLS|ADMIT|API)\d{3}\]/.test(said);
      // A list or object in place of another is a TypeError, as in all of JavaScript.
      if (said.includes('[object') || notAdvised?.test(fix) || (what === 'a token' && !own && /not (?:a function|iterable)/.test(said) && !isList(PROPS[name](), path))) bad.push(`${path.join('.')} is ${what}: ${said}`);
    }
  }
  expect(bad).toEqual([]);
});

test('refuses labels as a caller, and lists the constructs that name a service account', () => {
  expect(saidOf('AllowedCallers', { ...PROPS.AllowedCallers(), callers: [Caller.workload(pods())] })).toBe(
    'AuthorizationPolicy (chart/it): callers[0] is Pods.withLabels, which names no service account; expected one of Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob, Rollout, Pod, '
    + 'because a caller is known by the service account of its pod template. Fix: pass the workload\'s construct, or Caller.serviceAccount. [API008]',
  );
});

test('no expected error advises the value that was passed', () => {
  const folder = join(__dirname, '..');
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:ts|snap)$/.test(name)).map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\\\'', '\''));
  const messages = texts.flatMap((text) => [...text.matchAll(/ is '?([^';\n]{1,80})'?; expected [^\n]{1,600}? Fix: (?:write|pass|use|set it to) '?([^'\n]{1,80}?)'?\. \[/g)]);
  expect(messages.length).toBeGreaterThan(20);
  expect(messages.filter(([, passed, advised]) => passed.trim() === advised.trim()).map(([message]) => message)).toEqual([]);
});
