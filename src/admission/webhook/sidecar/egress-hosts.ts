import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';
import { judgeConfigHost } from '../values/config-host';

/** Objects to hosts of a listener that aren't `namespace/host`, and to none; warns of hosts that another covers. */
export function judgeEgressHosts(at: Objections, hosts: readonly string[], namespace: string): void {
  if (hosts.length === 0) objectToNone(at);
  const covered = new Map<string, Set<string>>();
  hosts.forEach((entry, index) => {
    if (isDuplicate(entry, namespace, covered)) warnOfDuplicate(at.at(index), entry, isSpeltTwice(hosts.slice(0, index + 1), namespace));
    judgeConfigHost(at.at(index), entry, { of: 'Sidecar' });
  });
  if (covered.get('*')?.has('*') && covered.size > 1) warnOfEverything(at, hosts);
}

/** Notes what the entry covers; an entry that excludes, by `~`, covers nothing. */
function isDuplicate(entry: string, own: string, covered: Map<string, Set<string>>): boolean {
  const slash = entry.indexOf('/');
  if (slash < 0 || entry.startsWith('~')) return false;
  const [namespace, host] = [entry.slice(0, slash), entry.slice(slash + 1)];
  const place = namespace === '.' ? own : namespace;
  const hosts = covered.get(place) ?? new Set();
  const duplicate = host === '*' ? hosts.size > 0 : hosts.has(host) || hosts.has('*');
  covered.set(place, hosts.add(host));
  return duplicate;
}

/** Whether the own namespace goes by `.` and by its name: in the root namespace `.` is each workload's own, and both count. */
function isSpeltTwice(entries: readonly string[], own: string): boolean {
  const last = entries[entries.length - 1];
  return [['./', `${own}/`], [`${own}/`, './']].some(([one, other]) => last.startsWith(one) && entries.some((entry) => entry.startsWith(other)));
}

function warnOfDuplicate(at: Objections, entry: string, isSpelt: boolean): void {
  at.warning({
    code: 'ADMIT492',
    actual: `${shown(entry)}, which overlaps an entry before it`,
    expected: 'each host once',
    because: `'.' stands for the own namespace, and '*' for every host of a namespace${isSpelt ? ', though in the root namespace \'.\' is that of each workload' : ''}`,
    fix: `remove the narrower of the two entries${isSpelt ? ', unless this is the root namespace, which needs both' : ''}`,
  });
}

function warnOfEverything(at: Objections, hosts: readonly string[]): void {
  at.warning({
    code: 'ADMIT492',
    actual: shown(hosts),
    expected: '\'*/*\' alone',
    because: 'it selects every host of every namespace already',
    fix: 'remove \'*/*\', or everything else',
  });
}

function objectToNone(at: Objections): void {
  at.error({
    code: 'ADMIT477',
    actual: 'empty',
    expected: 'at least one host',
    because: 'a listener without hosts leads nowhere',
    fix: 'write a host such as \'./*\' for the own namespace or \'istio-system/*\'',
  });
}
