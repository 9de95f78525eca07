import { AdoptedCall, CallsOfPolicy } from './adopted-call';
import { orderedCalls } from './call-order';
import { callerOf } from './callers';
import { ClientDeclaration, declarationsIn, portsBehind } from './declarations';
import { AdoptedMesh, Proposal, textList } from './proposal';
import * as networking from '../../../imports/networking.istio.io';
import * as security from '../../../imports/security.istio.io';
import { CALLERS_ID, callersPolicyName } from '../../constructs/authorization/guarded-service';
import { isMapping, Mapping, mapping, mappings, text } from '../../manifests/mapping';
import { KnownFields, firstUnknownField, isSame } from '../comparison';
import { CallExpression, FieldExpressions, options } from '../expression';

/** What of an AuthorizationPolicy's spec Calls has. */
const FIELDS: KnownFields = {
  selector: { matchLabels: true },
  action: true,
  rules: [{
    from: [{ source: { principals: true, namespaces: true } }],
    to: [{ operation: { ports: true, methods: true, paths: true } }],
  }],
};

/** What is known of the objects whose calls are adopted. */
interface Context {
  readonly objects: readonly Mapping[];
  readonly mesh: AdoptedMesh;
  readonly clients: readonly ClientDeclaration[];
}

/** Calls among objects, each of which may be refused. */
export interface CallsAmong {
  /** In the order in which they are declared. */
  readonly calls: readonly AdoptedCall[];
  /** What writes each AuthorizationPolicy. */
  readonly policies: ReadonlyMap<number, Proposal>;
  /** The workloads whose annotation the calls write, with all its entries. */
  readonly declared: ReadonlySet<number>;
}

/**
 * The calls that Calls may write: those of each AuthorizationPolicy that is as Calls would write it for a Service, and those that
 * workloads declare to external hosts.
 *
 * @param indices of the objects that are in the program
 * @param isRefused whether Calls can't write a policy, or a client's call to something
 */
export function callsAmong(
  objects: readonly Mapping[], indices: readonly number[], mesh: AdoptedMesh,
  isRefused: (call: Pick<AdoptedCall, 'policy' | 'client' | 'to'>) => boolean,
): CallsAmong {
  const clients = declarationsIn(objects, indices, mesh.trustDomain);
  const context = { objects, mesh, clients };
  const services = servicesAmong(objects, indices);
  const policies = new Map<number, Proposal>();
  const ofPolicies: CallsOfPolicy[] = [];
  for (const index of indices.filter((one) => isPolicy(objects[one]))) {
    const service = services.get(fullName(objects[index]));
    const found = service === undefined || isRefused({ policy: index, to: '' }) ? undefined : callsOf(index, service, context);
    if (found === undefined) continue;
    policies.set(index, { construct: 'Calls', child: { of: service!, id: CALLERS_ID } });
    ofPolicies.push(found);
  }
  const external = externalCalls(objects, indices, clients).filter((call) => !isRefused(call));
  const calls = orderedCalls(ofPolicies, external, clients);
  const declared = clients.filter(({ index, entries }) => isSame(entriesOf(index, calls), entries)).map(({ index }) => index);
  return { calls, policies, declared: new Set(declared.filter((client) => !isRefused({ client, to: '' }))) };
}

/** The entries of a client's annotation that its calls write. */
function entriesOf(client: number, calls: readonly AdoptedCall[]): readonly string[] {
  return [...new Set(calls.filter((call) => call.client === client).map(({ entry }) => entry!))];
}

function isPolicy({ apiVersion, kind }: Mapping): boolean {
  return apiVersion === security.AuthorizationPolicy.GVK.apiVersion && kind === security.AuthorizationPolicy.GVK.kind;
}

/** The Services, by the names that their policies have. */
function servicesAmong(objects: readonly Mapping[], indices: readonly number[]): ReadonlyMap<string, number> {
  const found = indices.filter((index) => objects[index].apiVersion === 'v1' && objects[index].kind === 'Service');
  return new Map(found.map((index) => [callersPolicyName(fullName(objects[index])), index]));
}

function fullName({ metadata }: Mapping): string {
  const { namespace, name } = mapping(metadata);
  return `${text(namespace) ?? ''}/${text(name) ?? ''}`;
}

/** The calls of a policy; undefined: it isn't as Calls would write it for the Service. */
function callsOf(policy: number, service: number, context: Context): CallsOfPolicy | undefined {
  const { objects, clients } = context;
  const [spec, to] = [mapping(objects[policy].spec), fullName(objects[service])];
  if (firstUnknownField(spec, FIELDS) !== undefined || spec.action !== 'ALLOW') return undefined;
  if (!isSame(mapping(spec.selector).matchLabels, mapping(objects[service].spec).selector)) return undefined;
  const known = mappings(spec.rules).map((rule) => ruleOf(rule, service, context));
  if (known.length === 0 || known.includes(undefined)) return undefined;
  const rules = known as readonly Rule[];
  const found = rules.map((rule) => rule.sources.map((source) => callsFrom(source, { rule, rules, policy, service, to }, context)));
  const used = new Set(found.flat(2).map(({ client, entry }) => `${client} ${entry}`));
  const isWhole = clients.every(({ index, entries }) => entries.every((entry) => placeOf(entry) !== to || used.has(`${index} ${entry}`)));
  return isWhole && found.flat().every((calls) => calls.length > 0) ? found : undefined;
}

/** A rule of a policy, by what Calls says of it. */
interface Rule {
  /** Those that may be told by Calls: a principal, a namespace, or everybody. */
  readonly sources: readonly Source[];
  /** The Service's ports with which Calls would list the rule's; undefined among them: without a port. */
  readonly ports: readonly (number | undefined)[];
  readonly conditions: FieldExpressions;
}

interface Source {
  readonly principal?: string;
  readonly caller: CallExpression;
}

function ruleOf({ from, to }: Mapping, service: number, { objects, mesh: { trustDomain } }: Context): Rule | undefined {
  const [{ operation } = {} as Mapping, ...others] = mappings(to);
  const { ports: written, methods, paths } = mapping(operation);
  const ports = [undefined, ...mappings(mapping(objects[service].spec).ports).map(({ port }) => Number(port))]
    .filter((port) => isSame(portsBehind(objects[service], port, objects)?.map(String), written));
  const sources = from === undefined ? [EVERYBODY] : sourcesOf(from, trustDomain);
  if (others.length > 0 || ports.length === 0 || sources === undefined) return undefined;
  return { sources, ports, conditions: { methods: textList(methods), paths: textList(paths) } };
}

/** Whoever calls a port that is open to everybody. */
const EVERYBODY: Source = { caller: CallExpression.of('Caller.anyIdentity') };

function sourcesOf(from: unknown, trustDomain: string): readonly Source[] | undefined {
  const [entry, ...others] = mappings(from);
  const { principals, namespaces } = mapping(entry?.source);
  if (others.length > 0 || (principals === undefined) === (namespaces === undefined)) return undefined;
  const ofNamespaces = textList(namespaces)?.map((one) => ({ caller: CallExpression.of('Caller.namespace', one) }));
  const ofPrincipals = textList(principals)?.map((one) => ({ principal: one, caller: callerOf(one, trustDomain) }));
  const sources = ofNamespaces ?? ofPrincipals ?? [];
  return sources.length === 0 || sources.some(({ caller }) => caller === undefined) ? undefined : sources as readonly Source[];
}

interface Place {
  readonly rule: Rule;
  readonly rules: readonly Rule[];
  readonly policy: number;
  readonly service: number;
  readonly to: string;
}

/** The calls of those who declare them, or else of whoever is known by the source. */
function callsFrom(source: Source, place: Place, { clients }: Context): readonly AdoptedCall[] {
  const { rule, policy, service, to } = place;
  const common = { service, to, policy };
  const declared = clients.flatMap((client) => client.entries.filter((entry) => isFrom(source, client, entry, place)).map((entry) => (
    { ...common, client: client.index, entry, options: optionsOf(source, rule, portOf(entry)) })));
  if (declared.length > 0) return declared;
  const port = source === EVERYBODY ? rule.ports.find((one) => one !== undefined) : rule.ports[0];
  if (source === EVERYBODY && port === undefined) return [];
  return [{ ...common, caller: source.caller, options: optionsOf(source, rule, port) }];
}

/** Whether a client declares calls that are a source's in a rule. */
function isFrom(source: Source, { identity }: ClientDeclaration, entry: string, { rule, rules, to }: Place): boolean {
  if (placeOf(entry) !== to || !rule.ports.includes(portOf(entry))) return false;
  if (source !== EVERYBODY) return source.principal === identity;
  const isKnown = rules.some(({ ports, sources }) => ports.includes(portOf(entry)) && sources.some((one) => one.principal === identity));
  return portOf(entry) !== undefined && !isKnown;
}

function optionsOf(source: Source, { conditions }: Rule, port: number | undefined): FieldExpressions | undefined {
  return options({ port, ...conditions, withoutIdentity: source === EVERYBODY ? true : undefined });
}

function placeOf(entry: string): string {
  return entry.split(':')[0];
}

function portOf(entry: string): number | undefined {
  const [, port] = entry.split(':');
  return port === undefined ? undefined : Number(port);
}

/** The calls that workloads declare to hosts of ServiceEntries, for which there are no policies. */
function externalCalls(
  objects: readonly Mapping[], indices: readonly number[], clients: readonly ClientDeclaration[],
): readonly (AdoptedCall & { readonly client: number })[] {
  const { apiVersion, kind } = networking.ServiceEntry.GVK;
  const entries = indices.filter((index) => objects[index].apiVersion === apiVersion && objects[index].kind === kind);
  const byHost = new Map([...entries].reverse().flatMap((index) => {
    const hosts = textList(mapping(objects[index].spec).hosts);
    return hosts?.length === 1 && isMapping(objects[index].spec) ? [[hosts[0], index] as const] : [];
  }));
  return clients.flatMap(({ index: client, entries: declared }) => declared.flatMap((entry) => {
    const service = byHost.get(placeOf(entry));
    return service === undefined ? [] : [{ client, service, to: placeOf(entry), entry, options: options({ port: portOf(entry) }) }];
  }));
}
