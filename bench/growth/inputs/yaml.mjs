// Texts that cost a parser much: aliases, comments, templates, documents that are wrong.
import { documents, object, SHOP, times, yaml } from '../objects.mjs';

const meshConfig = (mesh) => yaml({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'istio-system' }, data: { mesh } });
const bomb = (depth) => ['a0: &a0 [x]', ...times(depth, (index) => `a${index + 1}: &a${index + 1} [${times(9, () => `*a${index}`).join(', ')}]`)].join('\n');

export const YAML = [
  { name: 'aliases of aliases in a manifest', make: (n) => documents(SHOP, times(n, () => `apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t}\n${bomb(9)}`)) },
  { name: 'aliases of aliases in a mesh config', make: (n) => documents(SHOP, times(n, () => meshConfig(bomb(9)))) },
  { name: 'a mesh config that holds itself', make: (n) => documents(SHOP, times(n, () => meshConfig('a: &a\n  b: *a\ndefaultConfig: *a'))) },
  { name: 'a long file of comments', make: (n) => `${'# comment\n'.repeat(n)}${documents(SHOP)}` },
  { name: 'nothing but comments', make: (n) => '# comment\n'.repeat(n) },
  { name: 'a long template', make: (n) => documents(SHOP, `apiVersion: v1\nkind: Thing\nspec:\n${'  a: {{ .Values.a }}\n'.repeat(n)}`) },
  { name: 'braces that no template closes', make: (n) => documents(SHOP, `apiVersion: v1\nkind: Thing\nspec:\n${'  a: {{ a\n'.repeat(n)}`) },
  { name: 'empty documents', make: (n) => documents(SHOP, times(n, () => '')) },
  { name: 'documents that are wrong', from: 65536, make: (n) => documents(SHOP, times(n, () => 'a: b: c')) },
  { name: 'tiny objects that are refused', make: (n) => documents(times(n, () => '{apiVersion: security.istio.io/v1, kind: PeerAuthentication}')) },
  { name: 'a long flow sequence', make: (n) => documents(SHOP, `{apiVersion: example.com/v1, kind: Thing, metadata: {name: t}, spec: [${times(n, (index) => index).join(', ')}]}`) },
  { name: 'a long JSON document with findings', make: (n) => JSON.stringify({ apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'p', namespace: 'shop' }, spec: Object.fromEntries(times(n, (index) => [`field${index}`, index])) }) },
  { name: 'merge keys', make: (n) => documents(SHOP, `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  base: &base {a: b}\n${times(n, (index) => `  k${index}: {<<: *base, c: d}`).join('\n')}`) },
  { name: 'one mapping with many keys, one of them twice', make: (n) => documents(SHOP, `apiVersion: v1\nkind: Thing\nmetadata: {name: c}\nspec:\n${times(n, (index) => `  k${index}: a`).join('\n')}\n  k0: b`) },
  { name: 'findings of a large document', make: (n) => documents(SHOP, object('VirtualService', 'v', { hosts: ['a.example.com'], http: times(n, () => ({ rote: [] })) })) },
];
