import { isMapping } from './fields';
import { formatOf, INSTALLATION_FORMATS, InstallationFormat } from './installation-formats';
import { SettingsDocument } from './settings-document';
import { settingsText } from './settings-text';
import { stepsOf } from '../admission/mesh-config/problem';
import { FieldPath } from '../findings/field-path';
import { shown } from '../findings/shown';
import { ControlPlaneFacts, DEFAULT_REVISION, meshConfigMap } from '../mesh/config/control-plane-facts';
import { ISTIO_MINOR, minorOf } from '../mesh/config/istio-version';
import { compatibilityFlags } from '../mesh/config/istiod-behaviours';

type Mapping = Readonly<Record<string, unknown>>;

/** What a file says of an istiod. */
interface Installation {
  readonly file: string;
  readonly revision: string;
  readonly namespace?: string;
  readonly clusterDomain?: string;
  readonly version?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly meshConfig: Mapping;
}

/**
 * What files of settings of istiod say, each of one istiod: a mesh config as istiod reads it, or what an installer takes.
 * Of two for one revision the later overrides fields of the earlier.
 *
 * @param istiodNamespace where istiod runs, whatever the files say
 * @throws SettingsError if one can't be read, or istiod would reject or ignore what it says
 */
export function installationFacts(files: readonly string[], istiodNamespace?: string): ControlPlaneFacts {
  const all = files.map((file) => readInstallation(settingsText(file, 'write it, or name another'), file));
  const said = <K extends 'namespace' | 'clusterDomain'>(field: K) => all.map((one) => one[field]).filter((value) => value !== undefined).at(-1);
  const namespace = istiodNamespace ?? said('namespace');
  const byRevision = new Map<string, Installation>();
  for (const one of all) byRevision.set(one.revision, joined(byRevision.get(one.revision), one));
  return {
    istiodNamespace: namespace,
    clusterDomain: said('clusterDomain'),
    meshConfigs: [...byRevision.values()].map(({ file, revision, meshConfig, env, version }) =>
      ({ saidBy: file, manifest: meshConfigMap(meshConfig, { namespace: namespace ?? 'istio-system', revision }), env, version })),
  };
}

/** @throws SettingsError */
export function readInstallation(text: string, file: string): Installation {
  const document = new SettingsDocument(text, file, true);
  document.expectMapping(INSTALLATION_FORMATS);
  const format = formatOf(document.object);
  if (!format) document.fault(['kind'], { code: 'MTLS092', actual: shown(document.object.kind), expected: INSTALLATION_FORMATS, fix: 'name another file' });
  const read = format && installationIn(document, format);
  document.finish();
  return { ...read!, file };
}

function installationIn(document: SettingsDocument, format: InstallationFormat): Omit<Installation, 'file'> {
  const text = (paths: readonly FieldPath[]) => paths.map((path) => textAt(document, path)).filter((value) => value !== undefined).at(-1);
  return {
    revision: format.named?.(document.object) ?? text(format.revision) ?? DEFAULT_REVISION,
    namespace: text(format.namespace),
    clusterDomain: text(format.clusterDomain),
    version: versionIn(text(format.version)),
    env: envAt(document, format.env, text(format.compatibility)),
    meshConfig: format.meshConfig.map((path) => meshConfigAt(document, path)).reduce(merged),
  };
}

/** An empty text is none, as for the chart. */
function textAt(document: SettingsDocument, path: FieldPath): string | undefined {
  const value = valueAt(document.object, path) ?? '';
  if (typeof value === 'string') return value === '' ? undefined : value;
  document.fault(path, { code: 'MTLS092', actual: shown(value), expected: 'a text', fix: 'write it in quotes' });
  return undefined;
}

/** Tags such as `latest` tell no version. */
function versionIn(tag: string | undefined): string | undefined {
  return tag === undefined || minorOf(tag) === undefined ? undefined : tag;
}

/** What is said of a flag itself counts before what a former minor had. */
function envAt(document: SettingsDocument, paths: readonly FieldPath[], compatibility: string = ISTIO_MINOR): Readonly<Record<string, string>> {
  return Object.assign({}, compatibilityFlags(compatibility), ...paths.map((path) => variablesIn(valueAt(document.object, path))));
}

function variablesIn(env: unknown): Readonly<Record<string, string>> {
  const pairs = Array.isArray(env) ? env.filter(isMapping).map(({ name, value }) => [name, value]) : Object.entries(isMapping(env) ? env : {});
  return Object.fromEntries(pairs.filter(([, value]) => ['string', 'boolean', 'number'].includes(typeof value)).map(([name, value]) => [name, String(value)]));
}

function meshConfigAt(document: SettingsDocument, path: FieldPath): Mapping {
  const value = valueAt(document.object, path) ?? {};
  // Loaded when there is a file: most runs have none.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { checkMeshConfig } = require('../admission/mesh-config/check') as typeof import('../admission/mesh-config/check');
  for (const { path: at, actual, expected, because, fix } of checkMeshConfig(value)) {
    document.fault([...path, ...isMapping(value) ? stepsOf(at) : []], { code: 'MTLS098', actual, expected, because, fix });
  }
  return isMapping(value) ? value : {};
}

function valueAt(object: Mapping, path: FieldPath): unknown {
  return path.reduce<unknown>((value, step) => (isMapping(value) && Object.hasOwn(value, step) ? value[step] : undefined), object);
}

function joined(earlier: Installation | undefined, later: Installation): Installation {
  if (!earlier) return later;
  return {
    ...later,
    file: `${earlier.file} and ${later.file}`,
    version: later.version ?? earlier.version,
    env: { ...earlier.env, ...later.env },
    meshConfig: merged(earlier.meshConfig, later.meshConfig),
  };
}

/** Mappings key by key, as Helm does; of anything else the later. */
function merged(earlier: Mapping, later: Mapping): Mapping {
  const both = Object.entries(later).map(([key, value]) => {
    const before = Object.hasOwn(earlier, key) ? earlier[key] : undefined;
    return [key, isMapping(before) && isMapping(value) ? merged(before, value) : value];
  });
  return { ...earlier, ...Object.fromEntries(both) };
}
