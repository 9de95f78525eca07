import { generator, simpleChanges } from './random-changes';
import { randomMeshes } from './random-meshes';
import { fieldsInForce } from '../../../src/manifests/mesh-config/in-force';
import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { authorizationPolicy, destinationRule, meshConfig } from '../meshes/mesh';

export const OLD = 'old.example';
export const NEW = 'new.example';

export interface NamingMesh {
  readonly id: string;
  readonly objects: any[];
}

type Draw = (limit: number) => number;

/** Principals and patterns of every sort that policies write, for accounts of the namespaces `a` and `b`. */
const PRINCIPALS = [
  `${OLD}/ns/a/sa/default`, `${OLD}/ns/b/sa/default`, `${OLD}/ns/a/sa/d*`, `${OLD}/ns/a/*`, `${OLD}/*`, 'old*', 'old.ex*', '*', '*/ns/a/sa/default', '*.example/ns/a/sa/default',
  '*d.example/ns/b/sa/default', 'old*/ns/b/sa/default', 'cluster.local/ns/a/sa/default', 'cluster.local/*', 'partner.example/ns/a/sa/default', '*/sa/default', `${OLD}/ns/a/sa/other`,
  'old.example.org/ns/a/sa/default', `spiffe://${OLD}/ns/a/sa/default`, `${OLD}/ns/*/sa/default`, 'o*/ns/a/sa/*',
];
const TRUST_DOMAINS = [OLD, 'cluster.local', 'old*', '*.example', '*', 'partner.example', '*d.example', 'alias.example'];

/** Random meshes with a mesh config, rules that list names, and policies that name callers. The same for the same seed. */
export function namingMeshes(seed: number, simple: number, rich: number): readonly NamingMesh[] {
  const meshes = [...simpleChanges(seed, simple).map(({ id, before }) => ({ id, objects: before })), ...randomMeshes(seed, rich)];
  return meshes.map(({ id, objects }, index) => ({ id, objects: naming(objects, generator(seed * 31 + index)) }));
}

function naming(objects: readonly any[], draw: Draw): any[] {
  const some = <T>(values: readonly T[]): T[] => Array.from({ length: 1 + draw(3) }, () => values[draw(values.length)]);
  const spaces = [...new Set(objects.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.namespace as string))];
  const sources = (): any => [
    { principals: some(PRINCIPALS) }, { notPrincipals: some(PRINCIPALS) }, { trustDomains: some(TRUST_DOMAINS) }, { notTrustDomains: some(TRUST_DOMAINS), namespaces: ['a'] },
  ][draw(4)];
  const when = (): any => [{ key: 'source.principal', values: some(PRINCIPALS) }, { key: 'source.principal', notValues: some(PRINCIPALS) }, { key: 'source.trustDomain', values: some(TRUST_DOMAINS) }][draw(3)];
  const policies = spaces.flatMap((space) => Array.from({ length: draw(3) }, (_, index) => authorizationPolicy(`${space}/drawn-${index}`, {
    action: draw(2) === 0 ? 'DENY' : 'ALLOW', rules: [{ from: [{ source: sources() }, { source: sources() }].slice(draw(2)), ...draw(2) === 0 && { when: [when()] } }],
  })));
  const names = (space: string): string[] => [`spiffe://${OLD}/ns/${space}/sa/default`, ...draw(2) === 0 ? [`spiffe://${OLD}/ns/${space}/sa/other`, 'spiffe://partner.example/ns/a/sa/b'] : []];
  const rules = objects.filter(({ kind }) => kind === 'Service').flatMap(({ metadata: { name, namespace } }) => (draw(2) === 0
    ? [destinationRule(`${namespace}/${name}-names`, { host: name, trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL', subjectAltNames: names(namespace) } } })] : []));
  const own = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'istio');
  const aliases = draw(3) === 0 ? { trustDomainAliases: ['alias.example'] } : {};
  const config = { ...own ? readable(own.data.mesh) : {}, trustDomain: OLD, ...aliases };
  const others = objects.filter((object) => object !== own && !(object.kind === 'DestinationRule' && rules.some(({ metadata }) => metadata.name === object.metadata.name)));
  return [...others, { ...meshConfig(config), ...own && { metadata: own.metadata } }, ...rules, ...policies];
}

/** The mesh config that istiod reads from a text; empty if it can't. */
function readable(text: string): object {
  try {
    return fieldsInForce(readYaml(text)) ?? {};
  } catch {
    return {};
  }
}
