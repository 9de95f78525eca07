/** What is looked at: each section reads what it has room for. All of it is in the address, so that a link leads to the same. */
export interface State {
  /** The section to look at. */
  readonly section: string;
  /** What to search for, in any case of letters. */
  readonly search: string;
  readonly outcome: string;
  readonly severity: string;
  /** `open`, `known` or `acknowledged`, of findings. */
  readonly status: string;
  readonly code: string;
  /** Namespaces by name. */
  readonly from: string;
  readonly to: string;
  readonly namespace: string;
  /** The namespace of the graph. */
  readonly around: string;
  readonly direction: string;
  readonly sort: string;
}

const EMPTY: State = { section: '', search: '', outcome: '', severity: '', status: '', code: '', from: '', to: '', namespace: '', around: '', direction: '', sort: '' };

/** `#calls?from=shop&to=bank`; what isn't known is left out. */
export function stateOf(hash: string): State {
  const [section, query = ''] = hash.replace(/^#/, '').split('?');
  const given = [...new URLSearchParams(query)].filter(([name]) => name !== 'section' && Object.hasOwn(EMPTY, name));
  return { ...EMPTY, ...Object.fromEntries(given), section };
}

/** The address of a state, from the hash on. */
export function hashOf({ section, ...others }: State): string {
  const query = new URLSearchParams(Object.entries(others).filter(([, value]) => value !== '')).toString();
  return `#${section}${query === '' ? '' : `?${query}`}`;
}

/** Whether a text has all words of a search. */
export function matches(search: string, ...texts: readonly string[]): boolean {
  return missingWords(search, ...texts).length === 0;
}

/** The words of a search that a text doesn't have. */
export function missingWords(search: string, ...texts: readonly string[]): readonly string[] {
  const text = texts.join(' ').toLowerCase();
  return search.toLowerCase().split(/\s+/).filter((word) => !text.includes(word));
}

/** A key of a record; undefined: it has none of that name. The address of a page may name anything, also what every object inherits. */
export function ownKey(record: Readonly<Record<string, unknown>>, name: string): string | undefined {
  return Object.hasOwn(record, name) ? name : undefined;
}
