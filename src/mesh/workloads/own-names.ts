import { Shape, shapes, texts } from '../objects/shape';

/** The names that pods resolve otherwise than the cluster's DNS: those of `hostAliases`, or all, with name servers of their own. */
export type OwnNames = readonly string[] | 'all';

const NONE: OwnNames = Object.freeze([]);

export function ownNamesIn({ dnsPolicy, hostAliases }: Shape): OwnNames {
  if (dnsPolicy === 'None') return 'all';
  return hostAliases === undefined ? NONE : shapes(hostAliases).flatMap(({ hostnames }) => texts(hostnames));
}

/** Whether a host is among them, perhaps by a short name. */
export function isOwnName(names: OwnNames, host: string): boolean {
  return names === 'all' || names.some((name) => host === name || host.startsWith(`${name}.`));
}
