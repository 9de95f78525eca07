import { AdoptedMesh, podSelection, Proposal, textList, stringOf, unless } from './proposal';
import { shown } from '../../findings/safe-text';
import { isMapping, Mapping, mapping, mappings } from '../../manifests/mapping';
import { KnownFields, firstUnknownField } from '../comparison';
import { CallExpression, FieldExpressions, options } from '../expression';

const DRY_RUN = 'istio.io/dry-run';

/** What of an AuthorizationPolicy's spec AllowedCallers has. */
const FIELDS: KnownFields = {
  selector: { matchLabels: true },
  action: true,
  rules: [{
    from: [{ source: { principals: true, namespaces: true } }],
    to: [{ operation: { ports: true, methods: true, paths: true, hosts: true } }],
    when: [{ key: true, values: true }],
  }],
};

/** @returns a text: why it is neither an AllowedCallers nor a DefaultDeny */
export function authorizationProposal(object: Mapping, mesh: AdoptedMesh): Proposal | string {
  const spec = mapping(object.spec);
  if (isMapping(object.spec) && Object.keys(spec).length === 0) return denyProposal(object, mesh);
  const action = stringOf(spec.action) ?? 'ALLOW';
  if (action !== 'ALLOW') return `its action is ${action}, but AllowedCallers allows`;
  if (spec.selector === undefined) return 'it has no selector, but AllowedCallers requires one';
  const unknown = firstUnknownField(spec, FIELDS);
  if (unknown !== undefined) return `adopt knows no property of AllowedCallers for spec.${unknown}`;
  const [rule, ...others] = mappings(spec.rules);
  if (rule === undefined || others.length > 0) return 'it doesn\'t have exactly one rule, as AllowedCallers does';
  const callers = callersOf(rule.from, mesh.trustDomain);
  const conditions = conditionsOf(rule);
  if (typeof callers === 'string') return callers;
  if (typeof conditions === 'string') return conditions;
  return {
    construct: 'AllowedCallers',
    props: {
      name: stringOf(mapping(object.metadata).name),
      workload: podSelection(spec.selector),
      callers,
      ...conditions,
      ...dryRunOf(object).props,
    },
    ownAnnotations: dryRunOf(object).ownAnnotations,
  };
}

function denyProposal(object: Mapping, { rootNamespace }: AdoptedMesh): Proposal {
  const { namespace, name } = mapping(object.metadata);
  const { props: { dryRun }, ownAnnotations } = dryRunOf(object);
  return {
    construct: 'DefaultDeny',
    props: options({
      name: unless('default-deny', stringOf(name)),
      wholeMesh: namespace === rootNamespace ? true : undefined,
      iUnderstandThatCallersWithoutAPolicyAreLockedOut: dryRun ? undefined : true,
    }),
    ownAnnotations,
  };
}

/** Whether a policy is a dry run, and the annotation by which constructs say so. */
export function dryRunOf({ metadata }: Mapping): { readonly props: { readonly dryRun?: true }; readonly ownAnnotations?: string } {
  const isDryRun = mapping(mapping(metadata).annotations)[DRY_RUN] === 'true';
  return isDryRun ? { props: { dryRun: true }, ownAnnotations: DRY_RUN } : { props: {} };
}

function callersOf(from: unknown, trustDomain: string): readonly CallExpression[] | string {
  const sources = mappings(from).map(({ source }) => mapping(source));
  const ofPrincipals = sources.flatMap(({ principals }) => textList(principals) ?? []).map((one) => callerOf(one, trustDomain));
  if (ofPrincipals.includes(undefined)) return `it has principals that aren't service accounts of trust domain ${shown(trustDomain)}`;
  const ofNamespaces = sources.flatMap(({ namespaces }) => textList(namespaces) ?? [])
    .map((namespace) => CallExpression.of('Caller.namespace', namespace));
  return [...ofPrincipals as readonly CallExpression[], ...ofNamespaces];
}

/** The Caller with a principal; undefined: it is no service account of the mesh. */
export function callerOf(principal: string, trustDomain: string): CallExpression | undefined {
  if (principal === '*') return CallExpression.of('Caller.anyIdentity');
  const [, domain, namespace, name] = /^(.*)\/ns\/([^/]*)\/sa\/([^/]*)$/.exec(principal) ?? [];
  return domain === trustDomain ? CallExpression.of('Caller.serviceAccount', namespace, name) : undefined;
}

function conditionsOf({ to, when }: Mapping): FieldExpressions | string {
  const [entry, ...others] = mappings(to);
  if (others.length > 0) return 'it has several operations, but AllowedCallers has one';
  const { ports, methods, paths, hosts } = mapping(mapping(entry).operation);
  const [headers, claims]: [Record<string, readonly string[]>, Record<string, readonly string[]>] = [{}, {}];
  for (const { key, values } of mappings(when)) {
    const [, ofHeader, ofClaim] = /^(?:request\.headers\[(.+)\]|request\.auth\.claims\[([^[\]]+)\])$/.exec(stringOf(key) ?? '') ?? [];
    const list = textList(values);
    if (list === undefined || (ofHeader ?? ofClaim) === undefined) {
      return 'it has conditions that are neither headers nor claims with values';
    }
    if (ofHeader !== undefined) headers[ofHeader] = list;
    else claims[ofClaim] = list;
  }
  return {
    ports: textList(ports)?.map(Number),
    methods: textList(methods),
    paths: textList(paths),
    hosts: hostsOf(textList(hosts)),
    headers: nonEmpty(headers),
    claims: nonEmpty(claims),
  };
}

function nonEmpty<T extends FieldExpressions>(fields: T): T | undefined {
  return Object.keys(fields).length === 0 ? undefined : fields;
}

/** A host is written with and without a port, and said once. */
function hostsOf(hosts: readonly string[] | undefined): readonly string[] | undefined {
  return hosts?.filter((host, index) => index === 0 || host !== `${hosts[index - 1]}:*`);
}
