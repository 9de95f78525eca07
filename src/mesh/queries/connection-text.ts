import { Connection } from '../calls/connections';
import { ObjectName, objectText } from '../inventory/object';
import { Call } from '../model/call';

/** The kind is printed only if it isn't Deployment, which most are. */
export function workloadText({ kind, namespace, name }: ObjectName): string {
  return `${kind === 'Deployment' ? '' : `${kind} `}${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** A Service by namespace and name, any other host by its name; with the port. */
export function callText({ services: [service], host, port }: Call): string {
  return service.registry === 'Kubernetes' ? `${service.namespace}/${service.name}:${port}` : `${host}:${port}`;
}

/**
 * `shop/web → shop/ratings:9080, server shop/ratings:9080`.
 *
 * @param calls the text from `callText`
 */
export function connectionText({ client, server }: Pick<Connection, 'client' | 'server'>, calls: string): string {
  return `${workloadText(client)} → ${calls}${server ? `, server ${workloadText(server)}:${server.port}` : ''}`;
}

/** Why a connection has its outcome. */
export function becauseText(
  { because, undecidedBecause }: Pick<Connection, 'because'> & { readonly undecidedBecause?: string },
): string {
  return [...undecidedBecause ? [undecidedBecause] : [],
    ...because.map((reason) => `${objectText(reason)} ${reason.field}: ${reason.effect}`)].join('; ');
}
