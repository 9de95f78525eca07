import { Distribute, Failover, LocalityLoadBalancerSetting, ZoneAwareLoadBalancerSetting } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../../objection';
import { isFilled } from '../decoded';

/** Rejects locality settings that contradict each other or don't add up. */
export function judgeLocalityLoadBalancing(
  at: Objections, setting: LocalityLoadBalancerSetting | undefined, hasOutlierDetection: boolean,
): void {
  if (!setting) return;
  const { failover = [], distribute = [], failoverPriority = [] } = setting;
  const fails = failover.length > 0;
  if (fails && distribute.length > 0) return objectToDistribute(at.at('distribute'));
  const topology = failoverPriority.findIndex((label) => TOPOLOGY_LABELS.includes(label));
  if (fails && topology >= 0) return objectToTopology(at.at('failoverPriority', topology), failoverPriority[topology]);
  if (!judgeDistribution(at.at('distribute'), distribute)) return;
  judgeOutliersForFailover(at, setting, hasOutlierDetection);
  judgeFailover(at.at('failover'), failover);
}

function objectToDistribute(at: Objections): void {
  at.error({
    code: 'ADMIT423',
    actual: 'set together with failover',
    expected: 'distribute or failover, not both',
    because: 'each of them sets where traffic of a locality goes',
    fix: 'remove distribute or failover',
  });
}

function objectToTopology(at: Objections, label: string): void {
  at.error({
    code: 'ADMIT423',
    actual: `${shown(label)} together with failover`,
    expected: 'labels other than those of region, zone and subzone, or no failover',
    because: 'failover orders the regions already',
    fix: 'remove the entry, or failover',
  });
}

/** Rejects zone-aware balancing with invalid priorities or regions. */
export function judgeZoneAwareLoadBalancing(
  at: Objections, setting: ZoneAwareLoadBalancerSetting | undefined, hasOutlierDetection: boolean,
): void {
  if (!setting) return;
  setting.failoverPriority?.forEach((label, index) => {
    if (TOPOLOGY_LABELS.includes(label)) objectToTopologyLabel(at.at('failoverPriority', index), label);
  });
  judgeOutliersForFailover(at, setting, hasOutlierDetection);
  judgeFailover(at.at('failover'), setting.failover);
}

function objectToTopologyLabel(at: Objections, label: string): void {
  at.error({
    code: 'ADMIT423',
    actual: shown(label),
    expected: 'labels other than those of region, zone and subzone',
    because: 'zone-aware balancing orders regions and zones by itself',
    fix: 'remove the entry',
  });
}

/** The node labels that already order the localities. */
const TOPOLOGY_LABELS: readonly string[] = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

/** Rejects a failover that isn't from one region to another. */
function judgeFailover(at: Objections, failover: readonly Failover[] | undefined): void {
  failover?.forEach(({ from = '', to = '' }, index) => judgeRegions(at.at(index), from, to));
}

function judgeRegions(at: Objections, from: string, to: string): void {
  const place = { from: at.at('from'), to: at.at('to') };
  if (from === to) objectToRegion(place.to, to, 'a region other than that in from');
  const below = from.includes('/') ? 'from' : 'to';
  if ((from + to).includes('/')) objectToRegion(place[below], { from, to }[below], 'a region alone, without zone');
  const wild = from.includes('*') ? 'from' : 'to';
  if ((from + to).includes('*')) objectToRegion(place[wild], { from, to }[wild], 'a region\'s name without \'*\'');
}

function objectToRegion(at: Objections, region: string, expected: string): void {
  at.error({
    code: 'ADMIT423',
    actual: shown(region),
    expected,
    because: 'failover is between regions',
    fix: 'write the name of a region such as \'us-east\'',
  });
}

/** Warns of a failover that never happens, since no endpoint is ever considered unhealthy. */
function judgeOutliersForFailover(at: Objections, setting: ZoneAwareLoadBalancerSetting, hasOutlierDetection: boolean): void {
  const field = (['failover', 'failoverPriority'] as const).find((name) => isFilled(setting[name]));
  if (!field || hasOutlierDetection) return;
  at.at(field).warning({
    code: 'ADMIT424',
    actual: 'set without outlierDetection',
    expected: 'outlierDetection in the same policy',
    because: 'without it no endpoint is found unhealthy and nothing fails over',
    fix: 'add outlierDetection to the policy',
  });
}

/** Rejects weights that don't add up and localities that overlap; false if it stopped at the first weight. */
function judgeDistribution(at: Objections, distribute: readonly Distribute[]): boolean {
  for (const [index, entry] of distribute.entries()) {
    if (!judgeWeights(at.at(index, 'to'), entry.to ?? {})) return false;
    judgeLocalities(wildcardsFirst(Object.keys(entry.to ?? {})), (_, locality) => at.at(index, 'to', locality));
  }
  judgeLocalities(distribute.map((entry) => entry.from ?? ''), (index) => at.at(index, 'from'));
  return true;
}

function judgeWeights(at: Objections, to: { readonly [locality: string]: number }): boolean {
  const wrong = Object.entries(to).find(([, weight]) => weight < 1 || weight > 100);
  if (wrong) {
    objectToDistribution(at.at(wrong[0]), shown(wrong[1]), 'a weight from 1 to 100');
    return false;
  }
  const total = Object.values(to).reduce((sum, weight) => sum + weight, 0);
  if (total !== 100) objectToDistribution(at, `${total} in all`, 'weights that add up to 100');
  return total === 100;
}

/** Rejects the first locality that is invalid, or overlaps an earlier one. */
function judgeLocalities(localities: readonly string[], place: (index: number, locality: string) => Objections): void {
  const before: string[][] = [];
  for (const [index, locality] of localities.entries()) {
    const parts = partsOf(locality);
    const expected = localityFault(locality, parts, before);
    if (expected) return objectToDistribution(place(index, locality), shown(locality), expected);
    before.push(parts);
  }
}

function localityFault(locality: string, parts: readonly string[], before: readonly string[][]): string | undefined {
  if (locality.slice(0, -1).includes('*')) return 'a \'*\' at the end only';
  if (parts.includes('')) return 'a region, region/zone or region/zone/subzone without an empty part';
  return before.some((other) => overlaps(parts, other)) ? OVERLAP : undefined;
}

const OVERLAP = 'localities that don\'t overlap';

/** A map has no order: istiod takes the entries as they come, and rejects a wildcard that comes first. */
function wildcardsFirst(localities: readonly string[]): string[] {
  return [...localities].sort((one, other) => Number(other.endsWith('*')) - Number(one.endsWith('*')));
}

/** `region`, `region/zone` or `region/zone/subzone`; everything after the second slash is the subzone. */
function partsOf(locality: string): string[] {
  const [region, zone, ...subzone] = locality.split('/');
  return [region, zone, subzone.length > 0 ? subzone.join('/') : undefined].filter((part) => part !== undefined);
}

/** Whether the localities are equal or one contains the other; only an earlier wildcard covers anything. */
function overlaps(parts: readonly string[], before: readonly string[]): boolean {
  return parts.every((part, index) => index >= before.length || part === before[index] || before[index] === '*');
}

function objectToDistribution(at: Objections, actual: string, expected: string): void {
  at.error({
    code: 'ADMIT422',
    actual,
    expected,
    because: 'the traffic of each locality must be divided once and completely',
    fix: 'correct the weights and localities of this entry',
  });
}
