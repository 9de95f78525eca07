import { Objections } from '../objections';

/** The fields of a source that a plain TCP connection has too. */
const TCP_SOURCE = [
  'principals', 'notPrincipals', 'ipBlocks', 'notIpBlocks', 'namespaces', 'notNamespaces', 'remoteIpBlocks',
  'notRemoteIpBlocks', 'serviceAccounts', 'notServiceAccounts',
];
const TCP_OPERATION = ['ports', 'notPorts'];

/** Tells of a rule of a DENY policy that, since only HTTP has what it matches, denies all plain TCP. */
export function warnOfHttpOnlyDeny(at: Objections, rule: any): void {
  const sources = present(rule.from, 'source');
  const operations = present(rule.to, 'operation');
  const tcpOperation = operations.some((operation) => hasAny(operation, TCP_OPERATION));
  const tcpSource = sources.some((source) => hasAny(source, TCP_SOURCE));
  if (operations.length > 0 ? tcpOperation : sources.length === 0 || tcpSource) return;
  at.info({
    code: 'ADMIT468',
    actual: 'a rule of HTTP attributes only',
    expected: 'a port in a rule with action DENY',
    because: 'on TCP ports those attributes are ignored, so the policy denies all their traffic',
    fix: 'name the HTTP ports: add \'ports\' to the operation under \'to\'',
  });
}

function present(list: any[] | undefined, field: string): any[] {
  return (list ?? []).map((entry) => entry[field]).filter((value) => value !== undefined);
}

function hasAny(object: any, fields: readonly string[]): boolean {
  return fields.some((field) => object[field]?.length);
}
