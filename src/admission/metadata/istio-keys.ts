import { UNDOCUMENTED_KEYS } from './undocumented-keys';
import facts from '../../../imports/istio-metadata.json';

/** What Istio says of one of its annotations or labels. */
export interface IstioKey {
  readonly name: string;
  readonly deprecated: boolean;
  /** Istio sets it itself. */
  readonly hidden: boolean;
  /** Kinds on which it is read, `Any` among them for all. */
  readonly resources: readonly string[];
}

/** As imports/istio-metadata.json has it: false is left out. */
type DocumentedKey = Pick<IstioKey, 'name' | 'resources'> & Partial<IstioKey>;

function keysOf(type: 'annotation' | 'label', documented: readonly DocumentedKey[]): ReadonlyMap<string, IstioKey> {
  const keys = new Map<string, IstioKey>(documented.map((key) => [key.name, { deprecated: false, hidden: false, ...key }]));
  for (const { name, resources } of UNDOCUMENTED_KEYS.filter((key) => key.type === type)) {
    const known = keys.get(name) ?? { name, deprecated: false, hidden: false, resources: [] };
    keys.set(name, { ...known, resources: [...known.resources, ...resources] });
  }
  return keys;
}

/** Every annotation that Istio reads, by its key. */
export const ISTIO_ANNOTATIONS = keysOf('annotation', facts.annotations);

/** Every label that Istio reads, by its key. */
export const ISTIO_LABELS = keysOf('label', facts.labels);

/** Whether a key lies in Istio's domain, or is a key of Istio's outside of it. */
export function isIstioKey(key: string): boolean {
  const slash = key.indexOf('/');
  if (slash < 0) return key === 'istio-injection';
  const prefix = key.slice(0, slash);
  return prefix === 'istio.io' || prefix.endsWith('.istio.io');
}
