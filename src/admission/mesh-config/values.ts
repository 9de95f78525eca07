import { nanosecondsIn } from '../go-duration';
import { isMapping, withYamlNames } from './names';
import { MeshConfigProblem, REJECTED, show } from './problem';

/** What istiod says about one value, beyond its type. */
interface ValueRule {
  readonly path: readonly string[];
  readonly expected: string;
  readonly fix: string;
  accepts(value: unknown): boolean;
}

/** Istio's `labels.IsDNS1123Label`, which takes capitals too. */
const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;

const MILLISECOND = 1e6;

function isTrustDomain(value: unknown): boolean {
  if (typeof value !== 'string') return true;
  const labels = value.split('.');
  if (labels.length > 1 && labels.at(-1) === '') labels.pop(); // as in `example.com.`
  return labels.every((label) => LABEL.test(label));
}

const TRUST_DOMAIN = {
  accepts: isTrustDomain,
  expected: 'DNS labels of letters, digits and dashes, joined by dots',
  fix: "write it like 'example.com', without scheme and path",
};

const PORT = {
  accepts: (value: unknown) => Number(value) >= 1 && Number(value) <= 65535,
  expected: 'a port from 1 to 65535',
  fix: 'write a port number',
};

/** The rules of istiod's `ValidateMeshConfig` that a mesh config for mutual TLS is likely to meet. */
const RULES: readonly ValueRule[] = [
  { path: ['trustDomain'], ...TRUST_DOMAIN },
  { path: ['trustDomainAliases', '*'], ...TRUST_DOMAIN },
  {
    path: ['meshMTLS', 'ecdhCurves'],
    accepts: (value) => !Array.isArray(value) || value.length === 0,
    expected: 'none',
    fix: 'leave it out; tlsDefaults.ecdhCurves is for TLS other than the mesh\'s mutual TLS',
  },
  { path: ['proxyListenPort'], ...PORT },
  { path: ['defaultConfig', 'proxyAdminPort'], ...PORT },
  { path: ['defaultConfig', 'statusPort'], ...PORT },
  {
    path: ['connectTimeout'],
    accepts: (value) => isBetween(value, MILLISECOND, 3600e3 * MILLISECOND),
    expected: 'from 1ms to 1h, in whole milliseconds',
    fix: 'write a duration in that range',
  },
  {
    path: ['defaultConfig', 'discoveryAddress'],
    accepts: (value) => typeof value !== 'string' || /^(\[[\da-fA-F:.]+\]|[^:\s]+):\d+$/.test(value),
    expected: 'host:port',
    fix: "write it like 'istiod.istio-system.svc:15012'",
  },
];

function isBetween(value: unknown, min: number, max: number): boolean {
  const duration = typeof value === 'string' ? nanosecondsIn(value) : undefined;
  return duration === undefined || (duration >= min && duration <= max && duration % BigInt(MILLISECOND) === 0n);
}

/** What istiod's validation refuses although the types are right; not all of it, see docs/mesh-config.md. */
export function checkValues(config: unknown): MeshConfigProblem[] {
  const named = withYamlNames(config);
  return RULES.flatMap(({ path, accepts, expected, fix }) => valuesAt(named, path)
    .filter(({ value }) => !accepts(value))
    .map(({ at, value }) => ({ path: at, actual: show(value), expected, because: REJECTED, fix, consequence: 'rejected' as const })));
}

/** The values that are there at a path; `*` is every item of a list. */
function valuesAt(value: unknown, [step, ...rest]: readonly string[], at = ''): { at: string; value: unknown }[] {
  if (value === undefined || value === null) return [];
  if (step === undefined) return [{ at, value }];
  if (step === '*') return Array.isArray(value) ? value.flatMap((item, index) => valuesAt(item, rest, `${at}[${index}]`)) : [];
  return isMapping(value) ? valuesAt(value[step], rest, at ? `${at}.${step}` : step) : [];
}
