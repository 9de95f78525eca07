import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chart, Testing } from 'cdk8s';
import * as yaml from 'js-yaml';
import * as library from '../../src';
import { extensions, networking } from '../../src';

const IMPORTS = join(__dirname, '..', '..', 'imports');
const FILES = readdirSync(IMPORTS).filter((file) => file.endsWith('.istio.io.ts'));

interface Crd {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly storage: boolean }[];
  };
}

const CRDS = (yaml.loadAll(readFileSync(join(IMPORTS, 'crds', 'customresourcedefinitions.gen.yaml'), 'utf8')) as (Crd | null)[]).filter((crd) => crd !== null);

test('exactly the release\'s kinds have bindings, at v1 if it exists', () => {
  const submodules = library as unknown as Record<string, Record<string, { readonly GVK?: { readonly apiVersion: string; readonly kind: string } }>>;
  const bound = FILES.flatMap((file) => Object.values(submodules[file.split('.')[0]]).map(({ GVK }) => GVK).filter((gvk) => gvk !== undefined));
  const expected = CRDS.map(({ spec: { group, names: { kind }, versions } }) => {
    const { name } = versions.find((version) => version.name === 'v1') ?? versions.find(({ storage }) => storage)!;
    return { apiVersion: `${group}/${name}`, kind };
  });
  const sorted = (gvks: readonly { readonly apiVersion: string; readonly kind: string }[]) => gvks.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`).sort();
  expect(sorted(bound)).toEqual(sorted(expected));
  expect(sorted(expected)).toContain('extensions.istio.io/v1alpha1 WasmPlugin');
});

test.each(FILES)('the enums of %s have the API\'s words', (file) => {
  const members = [...readFileSync(join(IMPORTS, file), 'utf8').matchAll(/^ {2}(\w+) = "(.*)",$/gm)];
  for (const [, member, word] of members) expect(member).toBe(word.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase());
});

test('enum members by the API\'s words come out as these', () => {
  const chart = new Chart(Testing.app(), 'shop', { namespace: 'shop' });
  new networking.DestinationRule(chart, 'rule', {
    spec: { host: 'ratings', trafficPolicy: { tls: { mode: networking.DestinationRuleSpecTrafficPolicyTlsMode.ISTIO_MUTUAL } } },
  });
  new extensions.WasmPlugin(chart, 'plugin', { spec: { url: 'oci://registry.example/filter:1', phase: extensions.WasmPluginSpecPhase.AUTHN } });
  expect(Testing.synth(chart).map(({ kind, spec }) => ({ kind, spec }))).toEqual([
    { kind: 'DestinationRule', spec: { host: 'ratings', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } } },
    { kind: 'WasmPlugin', spec: { url: 'oci://registry.example/filter:1', phase: 'AUTHN' } },
  ]);
});
