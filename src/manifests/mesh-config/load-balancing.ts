import { isYamlMapping } from './fields';
import { parseGoDuration } from '../go-values';

type Mapping = Readonly<Record<string, unknown>>;

const mappingsIn = (value: unknown): readonly Mapping[] => (Array.isArray(value) ? value.filter(isYamlMapping) : []);
const textsIn = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);

/** Node labels that locality failover already uses. */
const TOPOLOGY: readonly string[] = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

/** Istio's `ValidateLocalityLbSetting`. */
export function isValidLocalities(value: unknown): boolean {
  if (!isYamlMapping(value)) return true;
  const [distribute, failover] = [mappingsIn(value.distribute), mappingsIn(value.failover)];
  if (distribute.length > 0 && failover.length > 0) return false;
  if (failover.length > 0 && textsIn(value.failoverPriority).some((label) => TOPOLOGY.includes(label))) return false;
  const targets = distribute.map(({ to }) => Object.entries(isYamlMapping(to) ? to : {}));
  return targets.every((shares) => isWhole(shares.map(([, weight]) => Number(weight))) && areApart(shares.map(([locality]) => locality)))
    && areApart(distribute.map(({ from }) => textOf(from))) && failover.every(isBetweenRegions);
}

/** Istio's `ValidateZoneAwareLbSetting`. */
export function isValidZones(value: unknown): boolean {
  if (!isYamlMapping(value)) return true;
  return !textsIn(value.failoverPriority).some((label) => TOPOLOGY.includes(label)) && mappingsIn(value.failover).every(isBetweenRegions);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isBetweenRegions({ from, to }: Mapping): boolean {
  return textOf(from) !== textOf(to) && ![from, to].some((region) => /[/*]/.test(textOf(region)));
}

function isWhole(weights: readonly number[]): boolean {
  return weights.every((weight) => weight > 0 && weight <= 100) && weights.reduce((sum, weight) => sum + weight, 0) === 100;
}

/** Whether no locality, such as `region/zone/*`, overlaps with an earlier one; a wildcard covers only later ones. */
function areApart(localities: readonly string[]): boolean {
  const before: string[][] = [];
  return localities.every((locality) => {
    const parts = locality.split('/').slice(0, 2).concat(locality.split('/').slice(2).join('/') || []);
    const isClean = parts.every((part) => part !== '') && /^[^*]*\*?$/.test(locality);
    const overlaps = before.some((other) => other[0] === '*' || isWithin(parts, other, true) || isWithin(other, parts, false));
    before.push(parts);
    return isClean && !overlaps;
  });
}

/** Whether a locality has all parts of a wider one. */
function isWithin(narrow: readonly string[], wide: readonly string[], hasWildcards: boolean): boolean {
  return wide.length <= narrow.length
    && wide.every((part, index) => part === narrow[index] || (hasWildcards && index > 0 && index === wide.length - 1 && part === '*'));
}

const MILLISECOND = 1_000_000n;

/** Istio's `ValidateDuration`; a missing value is valid. */
function isLasting(value: unknown): boolean {
  const duration = typeof value === 'string' ? parseGoDuration(value) : undefined;
  return duration === undefined || (duration >= MILLISECOND && duration % MILLISECOND === 0n);
}

const LIMITS = ['http1MaxPendingRequests', 'http2MaxRequests', 'maxRequestsPerConnection', 'maxRetries', 'maxConcurrentStreams'];

/** Istio's `validateMeshConfigDefaultTrafficPolicy`. */
export function isValidDefaultTrafficPolicy(value: unknown): boolean {
  if (!isYamlMapping(value)) return true;
  const { connectionPool: pool, outlierDetection: outliers } = value;
  return (!isYamlMapping(pool) || isValidPool(pool)) && (!isYamlMapping(outliers) || isValidOutliers(outliers));
}

function isValidPool({ http, tcp }: Mapping): boolean {
  if (!isYamlMapping(http) && !isYamlMapping(tcp)) return false;
  const isHttpValid = !isYamlMapping(http) || (LIMITS.every((limit) => Number(http[limit] ?? 0) >= 0) && isLasting(http.idleTimeout)
    && !(['UPGRADE', 2, '2'].includes(http.h2UpgradePolicy as string) && http.useClientProtocol === true));
  if (!isYamlMapping(tcp)) return isHttpValid;
  const alive = isYamlMapping(tcp.tcpKeepalive) ? tcp.tcpKeepalive : {};
  const idle = typeof tcp.idleTimeout === 'string' ? parseGoDuration(tcp.idleTimeout) ?? 0n : 0n;
  const durations = [tcp.connectTimeout, tcp.maxConnectionDuration, alive.time, alive.interval];
  return isHttpValid && Number(tcp.maxConnections ?? 0) >= 0 && durations.every(isLasting)
    && (idle / MILLISECOND === 0n || isLasting(tcp.idleTimeout));
}

function isValidOutliers(outliers: Mapping): boolean {
  const isPercent = (value: unknown): boolean => Number(value ?? 0) >= 0 && Number(value ?? 0) <= 100;
  return [outliers.baseEjectionTime, outliers.interval].every(isLasting)
    && (outliers.splitExternalLocalOriginErrors === true || Number(outliers.consecutiveLocalOriginFailures ?? 0) === 0)
    && isPercent(outliers.maxEjectionPercent) && isPercent(outliers.minHealthPercent);
}
