import { judgeConsistentHash } from './consistent-hash';
import { judgeWarmup } from './warmup';
import { Objections } from '../objections';
import { judgeLocalityLoadBalancing } from '../values/locality-load-balancing';
import { judgeZoneAwareLoadBalancing } from '../values/zone-aware-load-balancing';

/** Objects to a load balancer whose hash, localities or warm-up don't hold. */
export function judgeLoadBalancer(at: Objections, balancer: any, hasOutlierDetection: boolean): void {
  if (!balancer) return;
  judgeConsistentHash(at.at('consistentHash'), balancer.consistentHash);
  if (balancer.localityLbSetting && balancer.zoneAwareLbSetting) objectToBoth(at.at('zoneAwareLbSetting'));
  judgeLocalityLoadBalancing(at.at('localityLbSetting'), balancer.localityLbSetting, hasOutlierDetection);
  judgeZoneAwareLoadBalancing(at.at('zoneAwareLbSetting'), balancer.zoneAwareLbSetting, hasOutlierDetection);
  judgeWarmup(at.at('warmup'), balancer.warmup);
}

function objectToBoth(at: Objections): void {
  at.error({
    code: 'ADMIT423',
    actual: 'set together with localityLbSetting',
    expected: 'localityLbSetting or zoneAwareLbSetting, not both',
    because: 'each orders the endpoints by locality in its own way',
    fix: 'remove one of the two',
  });
}
