import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { SettingsError } from './fields';
import { refusalMessage } from '../findings/refusal';

/** How long a file of settings may be. */
const LARGEST = 64 * 1024 * 1024;

/**
 * The text of a file of settings.
 *
 * @param fix what to do if there is none
 * @throws SettingsError if it can't be read
 */
export function settingsText(file: string, fix: string): string {
  const read = readOrFault(file);
  if ('text' in read) return read.text;
  throw new SettingsError([refusalMessage({ code: 'MTLS094', kind: file, field: 'the file', ...read, fix })]);
}

function readOrFault(file: string): { readonly text: string } | { readonly actual: string; readonly expected: string } {
  try {
    const status = statSync(file);
    if (status.isDirectory()) return { actual: 'a folder', expected: 'a file' };
    if (status.size > LARGEST) return { actual: 'larger than 64 MB', expected: 'at most that' };
    const bytes = readFileSync(file);
    return isUtf8(bytes) ? { text: bytes.toString('utf8') } : { actual: 'no UTF-8 text', expected: 'YAML in UTF-8' };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { actual: code === 'ENOENT' ? 'not there' : `not open to this user (${code ?? message})`, expected: 'a file that can be read' };
  }
}
