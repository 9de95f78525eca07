import { existsSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { SourceFault } from './chart-source';
import { isFile, mayBeRead, realPath } from './inside';
import { KUSTOMIZATION_NAMES } from './kustomizations';
import { readTextOf } from './read-text';
import { shown } from '../../findings/safe-text';
import { readManifests } from '../../manifests/manifests';
import { isMapping } from '../../manifests/mapping';

type Mapping = Readonly<Record<string, unknown>>;

/** Fields that name no file. */
const WITHOUT_PATHS = new Set([
  'apiVersion', 'kind', 'metadata', 'namespace', 'namePrefix', 'nameSuffix', 'commonLabels', 'labels', 'commonAnnotations', 'images',
  'imageTags', 'replicas', 'vars', 'generatorOptions', 'buildMetadata', 'sortOptions',
]);

/** Lists of files and folders, or of patches in place. */
const LISTS = new Set(['resources', 'bases', 'components', 'crds', 'configurations', 'patchesStrategicMerge']);

/** The fields of a mapping that name files, and those that don't. No others are taken: kustomize reads `Path` as it reads `path`. */
interface MappingFields {
  readonly paths: readonly string[];
  readonly others: readonly string[];
}

const GENERATOR: MappingFields = {
  paths: ['files', 'envs', 'env'], others: ['name', 'namespace', 'behavior', 'literals', 'type', 'options'],
};

/** Mappings, or lists of them, that may name files. */
const MAPPINGS: Readonly<Record<string, MappingFields>> = {
  patches: { paths: ['path'], others: ['patch', 'target', 'options'] },
  patchesJson6902: { paths: ['path'], others: ['patch', 'target'] },
  replacements: { paths: ['path'], others: ['source', 'targets'] },
  configMapGenerator: GENERATOR,
  secretGenerator: GENERATOR,
  openapi: { paths: ['path'], others: ['version'] },
};

/** Why kustomize would run these, or fetch them. */
const REFUSED: Readonly<Record<string, string>> = {
  generators: 'a generator is a plugin, which can be a program or a container',
  transformers: 'a transformer is a plugin, which can be a program or a container',
  validators: 'a validator is a plugin, which can be a program or a container',
  helmCharts: 'kustomize would run helm, which fetches charts',
  helmChartInflationGenerator: 'kustomize would run helm, which fetches charts',
  helmGlobals: 'kustomize would run helm, which fetches charts',
};

/** The most kustomizations of one source. */
const MOST = 1_000;

/**
 * Why kustomize doesn't build a folder: the kustomization, or one that it includes, has what kustomize would fetch or run, or what isn't
 * known here.
 *
 * @param within the folder that holds the repository
 */
export function kustomizationFault(folder: string, within: string): SourceFault | undefined {
  const root = realPath(folder);
  if (root === undefined || !mayBeRead(root, within) || !isFolder(root)) {
    return { actual: 'not a folder of the repository', expected: 'a folder with a kustomization', fix: 'correct the path' };
  }
  const folders = new Set([root]);
  for (const one of folders) {
    const found = new Kustomization(one, within);
    const fault = found.fault();
    if (fault) return { ...fault, actual: one === root ? fault.actual : `${fault.actual} (in ${relative('.', one)})` };
    for (const base of found.bases) folders.add(base);
    if (folders.size > MOST) return { actual: `more than ${MOST} kustomizations`, expected: 'fewer', fix: 'build it yourself' };
  }
  return undefined;
}

/** The arguments of kustomize: without plugins, helm, functions, and files outside of each kustomization's folder. */
export function kustomizeArguments(folder: string): readonly string[] {
  return ['build', '--load-restrictor', 'LoadRestrictionsRootOnly', '--', resolve(folder)];
}

/** Paths that can't be addresses: these have other signs. */
const PLAIN = /^[\w./ +,=~-]+$/;

/** Paths that kustomize takes for repositories if they are no files. */
const ADDRESS = /(^|\/)(www\.)?(github|gitlab|bitbucket)\.|\.git(\/|$)|_git/i;

/** A kustomization's file. */
class Kustomization {
  /** The folders that it includes. */
  public readonly bases: string[] = [];

  public constructor(private readonly folder: string, private readonly within: string) {}

  public fault(): SourceFault | undefined {
    const files = KUSTOMIZATION_NAMES.map((name) => join(this.folder, name)).filter((path) => existsSync(path));
    if (files.length !== 1) {
      const fix = `keep one of ${KUSTOMIZATION_NAMES.join(', ')}`;
      return { actual: `a folder with ${files.length} kustomizations`, expected: 'one', fix };
    }
    const real = realPath(files[0]);
    if (real === undefined || !mayBeRead(real, this.folder) || !isFile(real)) {
      return { actual: 'a kustomization that is a link out of its folder', because: 'kustomize reads none', ...LOCAL };
    }
    const read = readTextOf(files[0]);
    const { documents, problems } = 'text' in read ? readManifests(read.text, files[0]) : { documents: [], problems: [read.problem] };
    if (problems.length > 0 || documents.length !== 1 || documents[0].isItem) {
      return { actual: 'a kustomization that can\'t be read', expected: 'one mapping in YAML', fix: 'correct it' };
    }
    for (const [field, value] of Object.entries(documents[0].object)) {
      const fault = this.faultOf(field, value);
      if (fault) return fault;
    }
    return undefined;
  }

  private faultOf(field: string, value: unknown): SourceFault | undefined {
    if (value === null || value === undefined || WITHOUT_PATHS.has(field)) return undefined;
    if (Object.hasOwn(REFUSED, field)) return { actual: `a kustomization with ${field}`, because: REFUSED[field], ...LOCAL };
    if (!LISTS.has(field) && !Object.hasOwn(MAPPINGS, field)) {
      return { actual: `a kustomization with the field ${shown(field)}`, because: 'it isn\'t known what kustomize does with it', ...LOCAL };
    }
    const paths = pathsIn(field, value);
    if (!paths) return { actual: `a kustomization whose ${field} can't be read`, because: 'it may name what isn\'t local', ...LOCAL };
    const remote = paths.find((path) => !this.isLocal(path));
    return remote === undefined ? undefined : {
      actual: `a kustomization whose ${field} names ${shown(remote)}`,
      because: 'kustomize fetches what isn\'t a file or folder here',
      ...LOCAL,
    };
  }

  /** Whether kustomize takes a path for a file or folder, and not for an address, even if there is a file of that name. */
  private isLocal(path: string): boolean {
    if (isAbsolute(path) || !PLAIN.test(path)) return false;
    const real = realPath(resolve(this.folder, path));
    if (real === undefined || !mayBeRead(real, this.within)) return false;
    if (!isFolder(real)) return true;
    this.bases.push(real);
    return !ADDRESS.test(path);
  }
}

const LOCAL = {
  expected: 'local files and folders, and what kustomize itself does with them', fix: 'build it yourself, and name the output as a path',
};

/** The paths of a field; undefined if its value has another form. Patches in place have several lines. */
function pathsIn(field: string, value: unknown): readonly string[] | undefined {
  const items = field === 'openapi' ? [value] : value;
  if (!Array.isArray(items)) return undefined;
  if (LISTS.has(field)) {
    const texts = items.filter((item): item is string => typeof item === 'string');
    if (texts.length < items.length) return undefined;
    return texts.filter((text) => !(field === 'patchesStrategicMerge' && text.includes('\n')));
  }
  const paths = items.map((item) => (isMapping(item) ? pathsOf(item, MAPPINGS[field]) : undefined));
  return paths.some((some) => some === undefined) ? undefined : paths.flatMap((some) => some!);
}

function pathsOf(mapping: Mapping, { paths, others }: MappingFields): readonly string[] | undefined {
  if (Object.keys(mapping).some((name) => !paths.includes(name) && !others.includes(name))) return undefined;
  const values = paths.flatMap((name) => [mapping[name] ?? []].flat().map((value) => [name, value] as const));
  // `files` has `key=path`.
  return values.some(([, value]) => typeof value !== 'string')
    ? undefined
    : values.map(([name, value]) => (name === 'files' ? (value as string).replace(/^[^=]*=/, '') : value as string));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
