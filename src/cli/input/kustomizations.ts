import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { readTextOf, Unreadable } from './read-text';
import { readManifests } from '../../manifests/manifests';
import { addTo } from '../../mesh/collections';

/** The file names of a kustomization. */
export const KUSTOMIZATION_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Fields that leave resources as they are in their files. */
const CHANGING_NOTHING = new Set(['apiVersion', 'kind', 'metadata', 'resources', 'bases', 'sortOptions', 'buildMetadata']);

/** A folder that kustomize builds. */
interface Kustomization {
  readonly folder: string;
  readonly file: string;
  /** Whether it is a component, which others include and nobody builds on its own. */
  readonly isComponent: boolean;
  /** Whether it passes on its resources and does nothing else. */
  readonly isPlain: boolean;
  /** Files with objects, before the kustomization changes them. */
  readonly resources: ReadonlySet<string>;
  /** Folders of included kustomizations. */
  readonly bases: readonly string[];
  /** Files that it reads for other purposes: patches, replacements, values. */
  readonly inputs: ReadonlySet<string>;
}

/** The role of a file in kustomizations. */
export interface KustomizedFile {
  readonly why: 'kustomization' | 'input' | 'resource' | 'patch';
  /** The folder of the kustomization that reads or changes it. */
  readonly by: string;
  /** The folders to build instead: those that no other kustomization includes, as far as the files show. */
  readonly roots: readonly string[];
}

/**
 * Finds the files that kustomize reads, and whether it changes them. A resource that every including kustomization passes on unchanged
 * is judged like other objects; a resource that any of them changes isn't what an API server receives. Paths are absolute.
 */
export class Kustomizations {
  public readonly problems: Unreadable[] = [];

  private readonly byFolder = new Map<string, Kustomization | undefined>();
  private readonly includers = new Map<string, Kustomization[]>();
  private readonly readers = new Map<string, Kustomization[]>();
  private readonly included = new Map<Kustomization, readonly Kustomization[]>();

  public constructor(files: readonly string[]) {
    for (const file of files) this.find(dirname(file));
    for (const one of this.byFolder.values()) {
      if (!one) continue;
      for (const base of one.bases) addTo(this.includers, base, one);
      for (const file of [...one.resources, ...one.inputs]) addTo(this.readers, file, one);
    }
  }

  /** Undefined if kustomize doesn't read the file, or doesn't change it. */
  public of(file: string): KustomizedFile | undefined {
    const own = this.byFolder.get(dirname(file));
    if (own?.file === file) return { why: 'kustomization', by: own.folder, roots: this.changer(own) ? this.rootsOf(own) : [] };
    const readers = this.readers.get(file) ?? [];
    const reader = readers.find(({ inputs }) => inputs.has(file));
    const changed = readers.find((one) => this.changer(one));
    if (reader) return { why: 'input', by: reader.folder, roots: this.rootsOf(reader) };
    const near = readers.length === 0 && isNamedPatch(file) ? this.around(dirname(file)) : undefined;
    if (near) return { why: 'patch', by: near.folder, roots: this.rootsOf(near) };
    return changed && { why: 'resource', by: this.changer(changed)!.folder, roots: readers.flatMap((one) => this.rootsOf(one)) };
  }

  /** The kustomization of a folder, or else the nearest one above. */
  private around(folder: string): Kustomization | undefined {
    return this.byFolder.get(folder) ?? this.byFolder.get(dirname(folder));
  }

  /** The kustomization that changes this one's result: itself, or one that includes it. */
  private changer(one: Kustomization): Kustomization | undefined {
    return this.withIncluders(one).find(({ isPlain }) => !isPlain);
  }

  private rootsOf(one: Kustomization): string[] {
    return this.withIncluders(one).filter(({ folder, isComponent }) => !isComponent && !this.includers.has(folder))
      .map(({ folder }) => folder);
  }

  /** The kustomization and all that include it, directly or indirectly. */
  private withIncluders(one: Kustomization): readonly Kustomization[] {
    let known = this.included.get(one);
    if (!known) {
      const found = new Set([one]);
      for (const { folder } of found) for (const includer of this.includers.get(folder) ?? []) found.add(includer);
      this.included.set(one, known = [...found]);
    }
    return known;
  }

  /** Looks in a folder and in all above it: a kustomization may read files further down. */
  private find(folder: string): void {
    if (this.byFolder.has(folder)) return;
    this.byFolder.set(folder, undefined);
    if (dirname(folder) !== folder) this.find(dirname(folder));
    const file = KUSTOMIZATION_NAMES.map((name) => join(folder, name)).find((path) => existsSync(path));
    if (file) this.byFolder.set(folder, this.read(folder, file));
  }

  /** Undefined if the file has a kustomization's name but other content, such as an object of Flux. */
  private read(folder: string, file: string): Kustomization | undefined {
    const read = readTextOf(file);
    const { documents, problems } = 'text' in read ? readManifests(read.text, file) : { documents: [], problems: [read.problem] };
    this.problems.push(...problems);
    const content = documents[0]?.object ?? {};
    const isOther = content.apiVersion !== undefined && !String(content.apiVersion).startsWith('kustomize.config.k8s.io/');
    return isOther ? undefined : kustomizationOf(folder, file, content);
  }
}

/** Whether a file is named as patches are: `manager_auth_proxy_patch.yaml`, `patch-env.yml`, or any in a folder `patches`. */
function isNamedPatch(file: string): boolean {
  return /(?:^|[-_.])patch(?:es)?[-_.]/i.test(basename(file)) || basename(dirname(file)) === 'patches';
}

function kustomizationOf(folder: string, file: string, content: Readonly<Record<string, unknown>>): Kustomization {
  const { resources, bases, components, ...others } = content;
  const taken = [resources, bases, components].flatMap(textsIn)
    .map((text) => ({ path: resolve(folder, text), type: typeOf(resolve(folder, text)) }));
  return {
    folder,
    file,
    isComponent: content.kind === 'Component',
    isPlain: Object.keys(content).every((key) => CHANGING_NOTHING.has(key)) && taken.every(({ type }) => type !== undefined),
    resources: new Set(taken.filter(({ type }) => type === 'file').map(({ path }) => path)),
    bases: taken.filter(({ type }) => type === 'folder').map(({ path }) => path),
    // `key=path` in generators.
    inputs: new Set(textsIn(others).flatMap((text) => [text, text.slice(text.indexOf('=') + 1)]).map((text) => resolve(folder, text))),
  };
}

/** Undefined if it isn't on disk, such as a repository on the Internet. */
function typeOf(path: string): 'file' | 'folder' | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return 'folder';
  return stats ? 'file' : undefined;
}

/** The texts in a value that may be paths: those of one line. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.includes('\n') || value === '' ? [] : [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
