import { Dirent, readdirSync, statSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { late } from '../modules/late';

/** The manifests of a folder, ordered by name, and what could not be opened, with the operating system's errors. */
interface FolderContent {
  readonly files: readonly string[];
  readonly unopened: readonly { readonly path: string; readonly error: unknown }[];
}

/** The manifests that a path stands for: itself, or those of a folder or pattern. */
export interface ManifestFiles extends FolderContent {
  readonly kind: 'file' | 'folder' | 'pattern';
  /** How much of the files' own paths the path names: the more, the narrower. */
  readonly narrowness: number;
}

/** The manifests that a path of the command line or of a configuration file stands for. A pattern is one only if no file has its name. */
export function manifestFilesOf(path: string): ManifestFiles {
  const named = { kind: 'file', files: [path], unopened: [], narrowness: Infinity } as const;
  try {
    if (!statSync(path).isDirectory()) return named;
    return { kind: 'folder', ...filesOfFolder(path), narrowness: resolve(path).length };
  } catch (error) {
    const literal = path.search(/[*?[{(]/);
    const isPattern = (error as NodeJS.ErrnoException).code === 'ENOENT' && literal >= 0;
    if (!isPattern) return { ...named, files: [], unopened: [{ path, error }] };
    const narrowness = resolve(path).length - path.slice(literal).length;
    return { kind: 'pattern', files: filesOfPattern(path), unopened: [], narrowness };
  }
}

function filesOfPattern(pattern: string): string[] {
  // Loaded only when a pattern reaches us: most shells expand them.
  const { globSync } = late<typeof import('tinyglobby')>(() => require('tinyglobby'));
  const files = globSync(
    pattern, { ignore: '**/node_modules/**', absolute: isAbsolute(pattern), expandDirectories: false, followSymbolicLinks: false },
  );
  return files.filter((file) => hasManifestName(file) && (pattern.includes('node_modules') || !/(^|\/)node_modules\//.test(file))).sort();
}

const MANIFEST = /\.(ya?ml|json)$/i;

/** Whether a file in a folder is read, either as a manifest or as a kustomization. */
export function hasManifestName(path: string): boolean {
  return MANIFEST.test(path) || basename(path) === 'Kustomization';
}

/**
 * The manifests in a folder and its subfolders, without hidden ones and node_modules. Links
 * to files are followed; links to folders aren't, since they could form a circle.
 */
function filesOfFolder(folder: string): FolderContent {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return { files: [], unopened: [{ path: folder, error }] };
  }
  const visible = entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules');
  const contents = visible.sort((a, b) => (a.name < b.name ? -1 : 1)).map((entry) => contentOf(folder, entry));
  return { files: contents.flatMap(({ files }) => files), unopened: contents.flatMap(({ unopened }) => unopened) };
}

function contentOf(folder: string, entry: Dirent): FolderContent {
  const path = join(folder, entry.name);
  if (entry.isDirectory()) return filesOfFolder(path);
  if (!hasManifestName(entry.name)) return { files: [], unopened: [] };
  try {
    // Pipes and devices are read only if the command line names them.
    return { files: entry.isFile() || (entry.isSymbolicLink() && statSync(path).isFile()) ? [path] : [], unopened: [] };
  } catch (error) {
    return { files: [], unopened: [{ path, error }] };
  }
}
