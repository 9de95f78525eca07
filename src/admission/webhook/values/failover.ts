import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** The labels of nodes that already order the localities. */
export const TOPOLOGY_LABELS: readonly string[] = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

/** Objects to a failover that isn't from one region to another. */
export function judgeFailover(at: Objections, failover: readonly any[] | undefined): void {
  (failover ?? []).forEach((entry, index) => judgeRegions(at.at(index), entry.from ?? '', entry.to ?? ''));
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
    because: 'failover leads from region to region',
    fix: 'write the name of a region such as \'us-east\'',
  });
}

/** Warns of a failover that never happens, since no endpoint is ever found unhealthy. */
export function judgeOutliersForFailover(at: Objections, setting: any, hasOutlierDetection: boolean): void {
  const field = ['failover', 'failoverPriority'].find((name) => setting[name]?.length > 0);
  if (!field || hasOutlierDetection) return;
  at.at(field).warning({
    code: 'ADMIT424',
    actual: 'set without outlierDetection',
    expected: 'outlierDetection in the same policy',
    because: 'without it no endpoint is found unhealthy and nothing fails over',
    fix: 'add outlierDetection to the policy',
  });
}
