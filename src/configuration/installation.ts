import { formatOf, INSTALLATION_FORMATS, InstallationFormat } from './installation-formats';
import { Faults, SettingsDocument, readSettingsText } from './settings-file';
import { FieldPath, fieldText } from '../findings/finding';
import { shown } from '../findings/safe-text';
import { isMapping } from '../manifests/mapping';
import { pathSteps } from '../manifests/mesh-config/problem';
import {
  ControlPlaneFacts, DeclaredMeshConfig, DEFAULT_REVISION, injectorConfigMap, IstiodEnv, meshConfigMap,
} from '../mesh/config/control-plane-facts';
import { compatibilityFlags } from '../mesh/config/istiod-behaviours';
import { ISTIO_MINOR, minorOf } from '../mesh/config/istiods';
import { readObject, objectText } from '../mesh/inventory/object';
import { late } from '../modules/late';

type Mapping = Readonly<Record<string, unknown>>;

/** The settings of an istiod in a file. */
interface Installation {
  readonly file: string;
  readonly revision: string;
  readonly tags: readonly string[];
  readonly network?: string;
  readonly meshNetworks: Mapping;
  readonly namespace?: string;
  readonly clusterDomain?: string;
  readonly version?: string;
  readonly env: IstiodEnv;
  readonly meshConfig: Mapping;
  /** What istiod ignores in the mesh config, a sentence each. */
  readonly ignored?: readonly string[];
}

/**
 * The facts in files that each describe one istiod: its mesh config, or the input of its installer. Of two files for one
 * revision, the later one overrides fields of the earlier one.
 *
 * @param istiodNamespace overrides the namespace in the files
 * @throws SettingsError if a file can't be read, or contains what istiod would reject or ignore
 */
export function installationFacts(files: readonly string[], istiodNamespace?: string): ControlPlaneFacts {
  return factsOf(files.map((file) => readInstallation(readSettingsText(file, 'create it, or name another file'), file)), istiodNamespace);
}

/** The facts in installers' objects among manifests. Content that istiod would reject isn't an error there. */
export function installedFacts(objects: readonly Mapping[], istiodNamespace?: string): ControlPlaneFacts {
  const all = objects.map((object) => ({ ...installationIn(object, formatOf(object)!, LENIENT), file: textOf(object) }));
  return factsOf(all, istiodNamespace);
}

/** istioctl accepts an IstioOperator without a name. */
function textOf(object: Mapping): string {
  const read = readObject(object);
  return read ? objectText(read) : `${String(object.kind)} without a name`;
}

const LENIENT: Faults = { fault: () => undefined };

function factsOf(all: readonly Installation[], istiodNamespace: string | undefined): ControlPlaneFacts {
  const said = <K extends 'namespace' | 'clusterDomain'>(field: K) => (
    all.map((one) => one[field]).filter((value) => value !== undefined).at(-1));
  const namespace = istiodNamespace ?? said('namespace');
  const byRevision = new Map<string, Installation>();
  for (const one of all) byRevision.set(one.revision, joined(byRevision.get(one.revision), one));
  return {
    istiodNamespace: namespace,
    clusterDomain: said('clusterDomain'),
    meshConfigs: [...byRevision.values()].map((one) => declaredBy(one, namespace ?? 'istio-system')),
  };
}

function declaredBy(installation: Installation, namespace: string): DeclaredMeshConfig {
  const { file, revision, meshConfig, meshNetworks, network, env, version, tags, ignored = [] } = installation;
  const istiod = { namespace, revision };
  return {
    saidBy: file,
    manifest: meshConfigMap(meshConfig, istiod, meshNetworks),
    injector: network === undefined ? undefined : injectorConfigMap({ global: { network } }, istiod),
    env,
    version,
    tags,
    ...ignored.length > 0 && { ignored: ignored.map((one) => `${file}: ${one}`) },
  };
}

/** @throws SettingsError */
export function readInstallation(text: string, file: string): Installation {
  const document = new SettingsDocument(text, file, true);
  document.expectMapping(INSTALLATION_FORMATS);
  const format = formatOf(document.object);
  if (!format) {
    document.fault(
      ['kind'], { code: 'API092', actual: shown(document.object.kind), expected: INSTALLATION_FORMATS, fix: 'name another file' },
    );
  }
  const read = format && installationIn(document.object, format, document);
  document.finish();
  return { ...read!, file };
}

function installationIn(object: Mapping, format: InstallationFormat, faults: Faults): Omit<Installation, 'file'> {
  const text = (paths: readonly FieldPath[]) => (
    paths.map((path) => textAt(object, path, faults)).filter((value) => value !== undefined).at(-1));
  const ignored: string[] = [];
  return {
    revision: format.named?.(object) ?? text(format.revision) ?? DEFAULT_REVISION,
    namespace: text(format.namespace),
    clusterDomain: text(format.clusterDomain),
    version: versionIn(text(format.version)),
    tags: format.tags.flatMap((path) => textsAt(object, path, faults)),
    network: text(format.network),
    meshNetworks: format.meshNetworks.map((path) => valueAt(object, path)).filter(isMapping).reduce(merged, {}),
    env: envAt(object, format.env, text(format.compatibility)),
    meshConfig: format.meshConfig.map((path) => meshConfigAt(object, path, faults, ignored)).reduce(merged),
    ...ignored.length > 0 && { ignored },
  };
}

/** An empty string counts as unset, as in the chart. */
function textAt(object: Mapping, path: FieldPath, faults: Faults): string | undefined {
  const value = valueAt(object, path) ?? '';
  if (typeof value === 'string') return value === '' ? undefined : value;
  faults.fault(path, { code: 'API092', actual: shown(value), expected: 'a string', fix: 'write it in quotes' });
  return undefined;
}

function textsAt(object: Mapping, path: FieldPath, faults: Faults): readonly string[] {
  const value = valueAt(object, path) ?? [];
  if (Array.isArray(value)) return value.flatMap((_, index) => textAt(object, [...path, index], faults) ?? []);
  faults.fault(path, { code: 'API092', actual: shown(value), expected: 'a list', fix: 'write "- " before each entry' });
  return [];
}

/** Tags such as `latest` aren't versions. */
function versionIn(tag: string | undefined): string | undefined {
  return tag === undefined || minorOf(tag) === undefined ? undefined : tag;
}

/** A flag that is set takes precedence over that of the compatibility version. */
function envAt(object: Mapping, paths: readonly FieldPath[], compatibility: string = ISTIO_MINOR): IstiodEnv {
  return Object.assign({}, compatibilityFlags(compatibility), ...paths.map((path) => variablesIn(valueAt(object, path))));
}

function variablesIn(env: unknown): IstiodEnv {
  const pairs = Object.entries(isMapping(env) ? env : {});
  const entries = Array.isArray(env) ? env.filter(isMapping) : pairs.map(([name, value]): Mapping => ({ name, value }));
  return Object.fromEntries(entries.flatMap(({ name, value, valueFrom }): readonly (readonly [unknown, string | undefined])[] => {
    if (isMapping(valueFrom)) return [[name, undefined]];
    return ['string', 'boolean', 'number'].includes(typeof value) ? [[name, String(value)]] : [];
  }));
}

/** @param ignored gets what istiod ignores */
function meshConfigAt(object: Mapping, path: FieldPath, faults: Faults, ignored: string[]): Mapping {
  const value = valueAt(object, path) ?? {};
  // Loaded on demand, because most runs have no such file.
  const { checkMeshConfig } = late<typeof import('../manifests/mesh-config/check')>(() => require('../manifests/mesh-config/check'));
  for (const { path: at, actual, expected, because, fix, consequence } of checkMeshConfig(value)) {
    const field = [...path, ...isMapping(value) ? pathSteps(at) : []];
    if (consequence === 'ignored') ignored.push(`${fieldText(field)} is ${actual}; expected ${expected}, because ${because}. Fix: ${fix}`);
    else faults.fault(field, { code: 'API098', actual, expected, because, fix });
  }
  return isMapping(value) ? value : {};
}

function valueAt(object: Mapping, path: FieldPath): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)];
    return isMapping(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }, object);
}

function joined(earlier: Installation | undefined, later: Installation): Installation {
  if (!earlier) return later;
  return {
    ...later,
    file: `${earlier.file} and ${later.file}`,
    tags: [...earlier.tags, ...later.tags],
    network: later.network ?? earlier.network,
    meshNetworks: merged(earlier.meshNetworks, later.meshNetworks),
    version: later.version ?? earlier.version,
    env: { ...earlier.env, ...later.env },
    ignored: [...earlier.ignored ?? [], ...later.ignored ?? []],
    meshConfig: merged(earlier.meshConfig, later.meshConfig),
  };
}

/** Merges mappings key by key, as Helm does; of any other values, the later one counts. */
function merged(earlier: Mapping, later: Mapping): Mapping {
  const both = Object.entries(later).map(([key, value]) => {
    const before = Object.hasOwn(earlier, key) ? earlier[key] : undefined;
    return [key, isMapping(before) && isMapping(value) ? merged(before, value) : value];
  });
  return { ...earlier, ...Object.fromEntries(both) };
}
