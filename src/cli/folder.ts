import { Dirent, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openProblem, Unreadable } from './path-problem';

const MANIFEST = /\.(ya?ml|json)$/i;

/** Whether a file of a folder is read; one that is named `Kustomization` tells what others are. */
export function hasManifestName(path: string): boolean {
  return MANIFEST.test(path) || basename(path) === 'Kustomization';
}

/** What a folder holds: manifests in the order of their names, and what could not be opened. */
export interface FolderContent {
  readonly files: readonly string[];
  readonly problems: readonly Unreadable[];
}

/**
 * The manifests in a folder and the folders in it, hidden ones and node_modules left out. A link to a file counts as
 * the file; a link to a folder isn't followed, so that links can't lead in a circle.
 */
export function filesOfFolder(folder: string): FolderContent {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return { files: [], problems: [openProblem(error, folder)] };
  }
  const visible = entries.filter(({ name }) => !name.startsWith('.') && name !== 'node_modules');
  const contents = visible.sort((a, b) => (a.name < b.name ? -1 : 1)).map((entry) => contentOf(folder, entry));
  return { files: contents.flatMap(({ files }) => files), problems: contents.flatMap(({ problems }) => problems) };
}

function contentOf(folder: string, entry: Dirent): FolderContent {
  const path = join(folder, entry.name);
  if (entry.isDirectory()) return filesOfFolder(path);
  if (!hasManifestName(entry.name)) return { files: [], problems: [] };
  try {
    // Pipes and devices are read only when they are named.
    return { files: entry.isFile() || (entry.isSymbolicLink() && statSync(path).isFile()) ? [path] : [], problems: [] };
  } catch (error) {
    return { files: [], problems: [openProblem(error, path)] };
  }
}
