import type { Telling } from '../../analysis/would-decide';

/** A text in quotes of a shell, so that nothing in it means more. */
export function quoted(text: string): string {
  return `'${text.replaceAll('\'', '\'\\\'\'')}'`;
}

/** A text as one word of a shell, quoted if that is needed: paths come from whoever made the folder, names from manifests. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : quoted(text);
}

/** The options that tell facts, to be added to the command line. */
export function optionsText({ injectedNamespaces, installedRevisions }: Omit<Telling, 'decides'>): string {
  return [
    ...injectedNamespaces.map((name) => `--injected-namespace ${name}`),
    ...installedRevisions.map((name) => `--installed-revision ${name}`),
  ].join(' ');
}
