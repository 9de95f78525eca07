import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder to write into isn't empty, or isn't a folder. */
class FolderError extends Error {}

/** A file of a plan, with its path in the plan's folder. */
export interface WrittenFile {
  readonly path: string;
  readonly text: string;
  readonly isProgram?: boolean;
}

/** `01`: folders in the order of their stages. */
export function folderNumber(index: number): string {
  return String(index + 1).padStart(2, '0');
}

/** Writes all files or none: half a plan would look like a plan. */
function writeAll(files: readonly WrittenFile[], folder: string): void {
  try {
    for (const { path, text, isProgram } of files) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text, { mode: isProgram ? 0o755 : 0o644 });
    }
  } catch (error) {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
    throw error;
  }
}

/**
 * Writes a plan's files.
 *
 * @returns why they can't be written; undefined if they were
 */
export function problemInWriting(files: readonly WrittenFile[], folder: string): string | undefined {
  try {
    mkdirSync(folder, { recursive: true });
    if (readdirSync(folder).length > 0) {
      throw new FolderError(`${folder} isn't empty; expected a new or empty folder. Fix: remove its contents, or name another folder.`);
    }
    writeAll(files, folder);
    return undefined;
  } catch (error) {
    if (!(error instanceof FolderError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
    return (error as Error).message;
  }
}
