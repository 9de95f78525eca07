import { NAMESPACE, PATH } from './mesh-facts';
import { Faults, SettingsFields } from './settings-file';
import { isDnsSubdomain } from '../admission/metadata/kubernetes-names';

/** A folder that kustomize builds. */
interface KustomizeSource {
  readonly program: 'kustomize';
  readonly folder: string;
}

/** A chart that helm renders. */
export interface HelmSource {
  readonly program: 'helm';
  readonly folder: string;
  readonly values: readonly string[];
  readonly namespace: string;
  readonly release: string;
}

/** Objects of a mesh that a program of the user's renders. */
export type RenderedSource = KustomizeSource | HelmSource;

/** Sources of a run that are rendered. */
export interface RenderedSources {
  readonly sources: readonly RenderedSource[];
  /** The folder that must hold all that is read. */
  readonly within: string;
  /** The folder whose programs aren't the user's own; defaults to `within`. */
  readonly repository?: string;
}

/** The sources of a mesh: what is read as it is, and what is rendered first. */
export interface MeshSources {
  readonly paths: readonly string[];
  readonly rendered?: readonly RenderedSource[];
}

const SOURCE_FIELDS = ['path', 'kustomize', 'helm'];
const HELM_FIELDS = ['chart', 'values', 'namespace', 'release'];

const RELEASE = {
  expected: 'the name of a release',
  because: 'helm takes at most 53 lowercase letters, digits and \'-\'',
  fix: 'write the name that helm install was given',
  holds: (text: string) => isDnsSubdomain(text) && text.length <= 53,
};

/** Reads the sources of a list: paths, or mappings with `path`, `kustomize` or `helm`. */
export function readSources(
  fields: SettingsFields, name: string, faults: Faults, here: (path: string) => string,
): MeshSources {
  const paths: string[] = [];
  const rendered: RenderedSource[] = [];
  for (const entry of fields.entries(name, SOURCE_FIELDS, PATH)) {
    if (typeof entry === 'string') paths.push(here(entry));
    else readSource(entry, { paths, rendered }, faults, here);
  }
  return rendered.length === 0 ? { paths } : { paths, rendered };
}

function readSource(
  entry: SettingsFields, { paths, rendered }: { paths: string[]; rendered: RenderedSource[] }, faults: Faults,
  here: (path: string) => string,
): void {
  const given = SOURCE_FIELDS.filter((field) => entry.value(field) !== undefined);
  if (given.length !== 1) {
    const actual = given.length === 0 ? 'without a source' : `${given.join(' and ')} together`;
    faults.fault(entry.path, { code: 'API092', actual, expected: 'one of path, kustomize, helm', fix: 'make each a source of its own' });
    return;
  }
  const [path, folder] = [entry.text('path', PATH), entry.text('kustomize', PATH)];
  if (path !== undefined) paths.push(here(path));
  if (folder !== undefined) rendered.push({ program: 'kustomize', folder: here(folder) });
  const helm = entry.mapping('helm', HELM_FIELDS);
  if (!helm) return;
  rendered.push({
    program: 'helm',
    folder: here(helm.requiredText('chart', PATH)),
    values: helm.texts('values', PATH)?.map(here) ?? [],
    namespace: helm.requiredText('namespace', NAMESPACE),
    release: helm.requiredText('release', RELEASE),
  });
}
