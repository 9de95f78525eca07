import { Workload } from './workload';
import { sameLabels } from '../names/labels';

/** Whether pods of two states call, and are called, alike. */
export function runsAlike(one: Workload | undefined, other: Workload | undefined): boolean {
  if (!one || !other) return one === other;
  return one.proxy.isLike(other.proxy)
    && sameLabels(one.labels, other.labels)
    && sameLabels(one.annotations, other.annotations)
    && textOf(one) === textOf(other);
}

function textOf({ ports, serviceAccount, hostNetwork, ownNames, proxy, interception, dnsCapture, location, identity }: Workload): string {
  const { network, servesOn, callsFrom, trustDomain } = location;
  return JSON.stringify([
    ports, serviceAccount, hostNetwork, ownNames, proxy.revision, interception.redirection, interception.asProxy, dnsCapture,
    ...[network, servesOn, callsFrom].flatMap(({ name, unclear, injector }) => [name, unclear, injector]),
    // Without a proxy, there is no certificate with that identity.
    ...proxy.encrypts === false ? [] : [trustDomain, identity],
  ]);
}
