import { Summary, summaryStruct } from './connection';
import type { LeftOut } from '../analysis/left-out';
import { redactedValue } from '../findings/redacted-value';
import type { ObjectName } from '../mesh/inventory/object';

/** How many possible connections aren't judged, because workloads declare that they make other calls. */
export interface LeftOutConnections extends Summary {
  /** How many of the broken ones are to hosts that their clients' Sidecars don't import: those of declared calls import nothing else. */
  readonly notImported: number;
  /** The workloads that declare their calls, each as `kind/namespace/name`. */
  readonly clients: string[];
  /** What they declare to call and the manifests don't show, each as `bank/pay:443 of deployment/shop/web`. */
  readonly notShown: string[];
  /** What they declare to call on ports that aren't for TCP, so nothing is judged, each as `shop/dns:53/UDP of deployment/shop/web`. */
  readonly withoutTcp: string[];
}

/** Names come from manifests, which may hold a secret by mistake. */
export function leftOutStruct({ clients, notShown, withoutTcp, notImported, ...summary }: LeftOut): LeftOutConnections {
  const nameText = ({ kind, namespace, name }: ObjectName): string => `${kind.toLowerCase()}/${namespace}/${name}`;
  const callText = ({ client, call }: LeftOut['notShown'][number]): string => `${call} of ${nameText(client)}`;
  const names = { clients: clients.map(nameText), notShown: notShown.map(callText), withoutTcp: withoutTcp.map(callText) };
  return { ...summaryStruct(summary), notImported, ...redactedValue(names) };
}
