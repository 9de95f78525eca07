import { ConstrainedName, NameConstraints } from './extensions';

/** A name that certificates below need, but constraints forbid. */
export interface ForbiddenName {
  /** `spiffe://cluster.local/…`, `istiod.istio-system.svc`. */
  readonly name: string;
  /** Whose certificates have the name. */
  readonly owner: 'workloads' | 'istiod';
  /** `permits URIs only of example.com`. */
  readonly constraint: string;
}

/** The first of Istio's names that constraints forbid. */
export function forbiddenName(constraints: NameConstraints, { trustDomain, istiodNamespace }: NamesOfIstio): ForbiddenName | undefined {
  const workloads =
    trustDomain === undefined ? undefined : constraintAgainst(constraints, { type: 'URI', value: trustDomain.toLowerCase() });
  if (workloads !== undefined) return { name: `spiffe://${trustDomain}/…`, owner: 'workloads', constraint: workloads };
  const name = `istiod.${istiodNamespace}.svc`;
  const istiod = constraintAgainst(constraints, { type: 'DNS', value: name });
  return istiod === undefined ? undefined : { name, owner: 'istiod', constraint: istiod };
}

/** The parts of the names in certificates. */
export interface NamesOfIstio {
  /** Undefined if it isn't known. */
  readonly trustDomain?: string;
  readonly istiodNamespace: string;
}

function constraintAgainst({ permitted, excluded }: NameConstraints, name: ConstrainedName): string | undefined {
  const ofType = (names: readonly ConstrainedName[]): readonly ConstrainedName[] => names.filter(({ type }) => type === name.type);
  const forbidding = ofType(excluded).find((one) => covers(one, name));
  if (forbidding) return `excludes ${name.type} names of ${forbidding.value}`;
  const allowed = ofType(permitted);
  return allowed.length === 0 || allowed.some((one) => covers(one, name)) ? undefined
    : `permits ${name.type} names only of ${allowed.slice(0, 3).map(({ value }) => value).join(', ')}${allowed.length > 3 ? ', …' : ''}`;
}

/** RFC 5280, section 4.2.1.10: a DNS domain covers its subdomains; the host of a URI covers only itself, unless it begins with a dot. */
function covers(constraint: ConstrainedName, { value }: ConstrainedName): boolean {
  if (constraint.value.startsWith('.')) return value.endsWith(constraint.value);
  if (value === constraint.value) return true;
  return constraint.type === 'DNS' && (constraint.value === '' || value.endsWith(`.${constraint.value}`));
}
