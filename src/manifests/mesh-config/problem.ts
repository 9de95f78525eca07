import { FieldPath } from '../../findings/finding';
import { withArticle } from '../../findings/refusal';
import { shown } from '../../findings/safe-text';

/** A fault at one path of a mesh config. */
export interface MeshConfigProblem {
  /** The path, such as `defaultConfig.proxyMetadata.ISTIO_META_DNS_CAPTURE` or `trustDomainAliases[0]`. */
  readonly path: string;
  readonly actual: string;
  readonly expected: string;
  readonly because: string;
  /** One action. */
  readonly fix: string;
  /** The name that is probably meant, with its path if it belongs elsewhere. */
  readonly suggestion?: string;
  /** What istiod does: ignores the value, or rejects the whole mesh config. Only its log shows either. */
  readonly consequence: 'ignored' | 'rejected';
}

export const REJECTED_BY_ISTIOD = 'istiod rejects the whole mesh config, and reports it only in its log';
export const IGNORED_BY_ISTIOD = 'istiod silently ignores it';

/** Appends a step to a path. */
export function join(path: string, key: string): string {
  return path ? `${path}.${key}` : key;
}

/** A problem's path as steps. */
export function pathSteps(path: string): FieldPath {
  return [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, key, index]) => (index === undefined ? key : Number(index)));
}

const LONGEST = 60;

/** A value as an error shows it. */
export function show(value: unknown): string {
  if (value === undefined) return 'undefined';
  const short = shown(value, LONGEST);
  if (Array.isArray(value)) return `the list ${short}`;
  if (typeof value === 'object' && value !== null) return `the mapping ${short}`;
  return typeof value === 'string' ? short : `${short} (${withArticle(typeof value)})`;
}
