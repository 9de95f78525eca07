import { FieldChange, FieldPath, ObjectChange, valueAt } from '../findings/finding';
import { isMapping, Mapping, mapping, mappings, text, texts } from '../manifests/mapping';
import { kindNameOf, kindOf } from '../mesh/inventory/kinds';
import { readObject } from '../mesh/inventory/object';
import { readDestinationRule } from '../mesh/policies/destination-rule';

/**
 * A change as TypeScript: a policy or rule as a construct of this library if one expresses all of it, else a patch of the
 * construct that creates the object, or an ApiObject. `chart` is the app's chart for the object's namespace.
 *
 * @param after the object after the change; undefined if it is deleted
 */
export function constructCode(change: ObjectChange, after: object | undefined): string {
  if (!after) return `// Remove what creates ${change.object.kind} ${change.object.namespace}/${change.object.name}.\n`;
  const { apiVersion, kind, spec: written, metadata } = after as Mapping;
  const name = kindNameOf(kindOf({ apiVersion, kind }));
  const spec = mapping(written);
  const meta = mapping(metadata);
  const ofKind =
    name === 'PeerAuthentication' ? policyCode(meta, spec) : name === 'DestinationRule' ? ruleCode(meta, hostOf(after), spec) : undefined;
  const code = hasOwnMetadata(meta) ? undefined : ofKind;
  if (code) return code;
  return change.fields ? patchCode(change, change.fields, after) : objectCode(after);
}

function hostOf(rule: object): string {
  return readDestinationRule(readObject(rule)!).host;
}

/** Labels and annotations, which the constructs for policies and rules don't accept. */
function hasOwnMetadata({ labels, annotations }: Mapping): boolean {
  return [labels, annotations].some((one) => isMapping(one) && Object.keys(one).length > 0);
}

function policyCode({ namespace, name }: Mapping, { selector, mtls, portLevelMtls, ...others }: Mapping): string | undefined {
  if (Object.keys(others).length > 0) return undefined;
  const labels = mapping(mapping(selector).matchLabels);
  const mode = text(mapping(mtls).mode);
  const ports = Object.entries(mapping(portLevelMtls))
    .map(([port, setting]) => ({ port: Number(port), mode: raw(`MtlsMode.${text(mapping(setting).mode)}`) }));
  const props = { namespace, name, mode: mode === undefined ? undefined : raw(`MtlsMode.${mode}`) };
  if (Object.keys(labels).length > 0) {
    const workload = raw(`Pods.withLabels(${literal(labels, '  ')})`);
    return created('WorkloadOverride', ['MtlsMode', 'Pods', 'WorkloadOverride'],
      name, { ...props, workload, ports: ports.length > 0 ? ports : undefined });
  }
  return mode !== undefined && ports.length === 0 ? created('NamespaceOverride', ['MtlsMode', 'NamespaceOverride'], name,
    props) : undefined;
}

function ruleCode({ namespace, name }: Mapping, fullHost: string, spec: Mapping): string | undefined {
  const { host: _, trafficPolicy, subsets, exportTo, ...others } = spec;
  const parts = { ...settingsOf(trafficPolicy, true), subsets: subsetsOf(subsets) };
  const isUnknown = hasUnknown(trafficPolicy, true) || mappings(subsets).some(({ trafficPolicy: own }) => hasUnknown(own, false));
  if (Object.keys(others).length > 0 || isUnknown) return undefined;
  if (Object.values(parts).every((part) => part === undefined)) return '// Remove the Destination: no settings are left in it.\n';
  const used = JSON.stringify(parts).includes('ClientTls.') ? ['ClientTls', 'Destination'] : ['Destination'];
  return created('Destination', used,
    name, { namespace, name, host: fullHost, ...parts, exportTo: exportTo === undefined ? undefined : texts(exportTo) });
}

function settingsOf(policy: unknown, isWhole: boolean): { readonly tls?: Raw; readonly ports?: readonly Mapping[] } {
  const { tls, portLevelSettings } = mapping(policy);
  const ports = mappings(portLevelSettings).map((entry) => ({ port: mapping(entry.port).number, tls: tlsCode(entry.tls) }));
  return { tls: tlsCode(tls), ports: ports.length > 0 && isWhole ? ports : undefined };
}

function subsetsOf(subsets: unknown): readonly Mapping[] | undefined {
  const all = mappings(subsets).map(({ name, labels, trafficPolicy }) => ({ name, labels, ...settingsOf(trafficPolicy, false) }));
  return all.length > 0 ? all : undefined;
}

/** Whether a policy has other TLS fields than a mode, or something that the constructs express differently. */
function hasUnknown(policy: unknown, hasPorts: boolean): boolean {
  const { tls, portLevelSettings, ...others } = mapping(policy);
  const entries = mappings(portLevelSettings);
  return Object.keys(others).length > 0 || (!hasPorts && entries.length > 0) || !isPlain(tls)
    || entries.some(({ port: _, tls: own, ...rest }) => Object.keys(rest).length > 0 || !isPlain(own));
}

function isPlain(tls: unknown): boolean {
  return tls === undefined || (Object.keys(mapping(tls)).length === 1 && ['ISTIO_MUTUAL', 'DISABLE'].includes(mapping(tls).mode as string));
}

function tlsCode(tls: unknown): Raw | undefined {
  return tls === undefined ? undefined : raw(mapping(tls).mode === 'DISABLE' ? 'ClientTls.disable()' : 'ClientTls.istioMutual()');
}

/** Code that patches the object of a construct. */
function patchCode({ object: { kind, name } }: ObjectChange, fields: readonly FieldChange[], after: object): string {
  const patches = fields.map(({ op, path }) => {
    if (op === 'remove') return `JsonPatch.remove(${pointerTo(path)})`;
    const whole = wholePath(path, after);
    return `JsonPatch.add(${pointerTo(whole)}, ${literal(valueAt(after, whole), '  ')})`;
  });
  return [
    'import { ApiObject, JsonPatch } from \'cdk8s\';',
    '',
    `// ${variable(name, kind)}: the construct that creates ${kind} ${name}`,
    `ApiObject.of(${variable(name, kind)}).addJsonPatch(`,
    ...patches.map((patch) => `  ${patch},`),
    ');',
    '',
  ].join('\n');
}

function pointerTo(path: FieldPath): string {
  return literal(`/${path.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`);
}

/** The path to patch: a patch can't add a field to a missing parent, so it adds the outermost parent that has only this field. */
function wholePath(path: FieldPath, after: object): FieldPath {
  const around = path.slice(0, -1);
  return around.length > 0 && Object.keys(valueAt(after, around) as object).length === 1 ? wholePath(around, after) : path;
}

function objectCode(manifest: object): string {
  const { metadata } = manifest as Mapping;
  return ['import { ApiObject } from \'cdk8s\';', '', `new ApiObject(chart, ${literal(mapping(metadata).name)}, ${literal(manifest)});`,
    ''].join('\n');
}

function created(construct: string, imported: readonly string[], id: unknown, props: Mapping): string {
  return [`import { ${imported.join(', ')} } from 'cdk8s-istio-mtls';`, '', `new ${construct}(chart, ${literal(id)}, ${literal(props)});`,
    ''].join('\n');
}

/** An expression in place of a literal. */
class Raw {
  constructor(readonly code: string) {}

  toJSON(): string {
    return this.code;
  }
}

function raw(code: string): Raw {
  return new Raw(code);
}

function literal(value: unknown, indent = ''): string {
  if (value instanceof Raw) return value.code;
  if (typeof value === 'string') return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll('\'', '\\\'')}'`;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return value.length === 0 ? '[]' : `[\n${value.map((entry) => `${inner}${literal(entry, inner)},\n`).join('')}${indent}]`;
  }
  if (!isMapping(value)) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return entries.length === 0
    ? '{}'
    : `{\n${entries.map(([key, one]) => `${inner}${keyText(key)}: ${literal(one, inner)},\n`).join('')}${indent}}`;
}

function keyText(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : literal(key);
}

/** A plausible variable name: `ratingsDeployment`. */
function variable(name: string, kind: string): string {
  const words = [...name.split(/[^A-Za-z0-9]+/).filter(Boolean), kind];
  const joined = words.map((word, index) => (index === 0 ? word : word[0].toUpperCase() + word.slice(1))).join('');
  return /^[A-Za-z]/.test(joined) ? joined : `the${joined}`;
}
