import { Objections } from '../objections';
import { judgePartialWildcard, judgeWildcardHost } from '../values/host';

/** Objects to a ServiceEntry without hosts, or with hosts that are none. */
export function judgeHosts(at: Objections, entry: any): void {
  const hosts: readonly string[] = entry.hosts ?? [];
  if (hosts.length === 0) objectToNoHosts(at);
  hosts.forEach((host, index) => {
    if (host === '*') return objectToAnyHost(at.at(index));
    judgeWildcardHost(at.at(index), host);
    if (entry.resolution !== 'DYNAMIC_DNS') judgePartialWildcard(at.at(index), host);
  });
}

function objectToNoHosts(at: Objections): void {
  at.error({
    code: 'ADMIT448',
    actual: 'empty',
    expected: 'at least one host',
    because: 'the service needs a name',
    fix: 'write the host that clients call',
  });
}

function objectToAnyHost(at: Objections): void {
  at.error({
    code: 'ADMIT401',
    actual: '\'*\'',
    expected: 'a host, or a wildcard below a domain',
    because: 'the entry would stand for every host there is',
    fix: 'write a host such as \'api.example.com\' or \'*.example.com\'',
  });
}
