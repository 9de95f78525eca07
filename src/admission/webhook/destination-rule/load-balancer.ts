import { ConsistentHashLB, HTTPCookie, LoadBalancerSettings, WarmupConfiguration } from '../../../../imports/specs';
import { shown } from '../../../findings/safe-text';
import { Objections } from '../../objection';
import { judgeDuration, judgeDurationText } from '../values/durations';
import { judgeLocalityLoadBalancing, judgeZoneAwareLoadBalancing } from '../values/locality';
import { judgeUint64 } from '../values/numbers';
import { warnOfDeprecated } from '../values/words';

/** Rejects a load balancer with an invalid hash, locality setting or warm-up. */
export function judgeLoadBalancer(at: Objections, balancer: LoadBalancerSettings | undefined, hasOutlierDetection: boolean): void {
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

/** The size of Maglev's table must be a prime below this. */
const TABLE_LIMIT = 5000011;

/** Rejects a hash with an invalid cookie, ring or table. */
function judgeConsistentHash(at: Objections, hash: ConsistentHashLB | undefined): void {
  if (!hash) return;
  if (hash.httpCookie) judgeCookie(at.at('httpCookie'), hash.httpCookie);
  judgeRing(at, hash);
  if (hash.maglev) judgeTableSize(at.at('maglev', 'tableSize'), hash.maglev.tableSize ?? 0);
}

function judgeCookie(at: Objections, cookie: HTTPCookie): void {
  if (!cookie.name) objectToCookie(at.at('name'), shown(cookie.name), 'the cookie\'s name');
  judgeDurationText(at.at('ttl'), cookie.ttl);
  const names = new Set<string>();
  cookie.attributes?.forEach(({ name }, index) => {
    const place = at.at('attributes', index, 'name');
    if (!name) objectToCookie(place, shown(name), 'the attribute\'s name');
    else if (names.has(name)) objectToCookie(place, `${shown(name)} a second time`, 'each attribute once');
    names.add(name);
  });
}

function objectToCookie(at: Objections, actual: string, expected: string): void {
  at.error({
    code: 'ADMIT420',
    actual,
    expected,
    because: 'Envoy can\'t set the cookie otherwise',
    fix: 'name it, or remove it',
  });
}

function judgeRing(at: Objections, hash: ConsistentHashLB): void {
  judgeUint64(at.at('ringHash', 'minimumRingSize'), hash.ringHash?.minimumRingSize);
  judgeUint64(at.at('minimumRingSize'), hash.minimumRingSize);
  if (!hash.minimumRingSize) return;
  warnOfDeprecated(at.at('minimumRingSize'), hash.minimumRingSize, 'ringHash.minimumRingSize');
  if (!hash.ringHash && !hash.maglev) return;
  at.at('minimumRingSize').error({
    code: 'ADMIT421',
    actual: `${shown(hash.minimumRingSize)} together with ${hash.ringHash ? 'ringHash' : 'maglev'}`,
    expected: 'ringHash or maglev alone',
    because: 'each of them sets the hash algorithm',
    fix: 'remove minimumRingSize',
  });
}

function judgeTableSize(at: Objections, size: number): void {
  if (size < TABLE_LIMIT && isPrime(size)) return;
  at.error({
    code: 'ADMIT421',
    actual: shown(size),
    expected: `a prime number below ${TABLE_LIMIT}`,
    because: 'Envoy spreads the endpoints over a table of prime size',
    fix: 'write a prime such as 65537',
  });
}

/** Envoy also accepts 1. */
function isPrime(number: number): boolean {
  if (number > 0 && number < 4) return true;
  if (number % 2 === 0) return false;
  for (let factor = 3; factor * factor <= number; factor += 2) {
    if (number % factor === 0) return false;
  }
  return true;
}

/** Rejects a warm-up without a duration, above 100 percent, or without growth. */
function judgeWarmup(at: Objections, warmup: WarmupConfiguration | undefined): void {
  if (!warmup) return;
  if (warmup.duration === undefined) objectToWarmup(at.at('duration'), undefined, 'a duration', 'write a duration such as \'30s\'');
  judgeDuration(at.at('duration'), warmup.duration);
  if ((warmup.minimumPercent ?? 0) > 100) {
    objectToWarmup(at.at('minimumPercent'), warmup.minimumPercent, 'a percentage of at most 100', 'write a percentage such as 10');
  }
  if (warmup.aggression !== undefined && warmup.aggression <= 0) {
    objectToWarmup(at.at('aggression'), warmup.aggression, 'a number above 0', 'write 1 for a linear growth');
  }
}

function objectToWarmup(at: Objections, actual: unknown, expected: string, fix: string): void {
  at.error({ code: 'ADMIT425', actual: shown(actual), expected, because: 'traffic couldn\'t grow to its full share', fix });
}
