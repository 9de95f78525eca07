import { ClientTls } from './client-tls';
import { NamedPorts, serviceIn } from './destination-host';
import { ExternalProtocol, negotiatedOn, usualPortName } from './external-port';
import { readPortsOf } from './service-ports';
import { TrafficPolicy } from './traffic-policy';
import { AppCheck } from '../app-check';
import { Refuse } from '../refuse';

/** The TLS that a Destination sets for a Service of the app. */
interface OriginatedTls extends Pick<NamedPorts, 'service' | 'host'> {
  readonly refuse: Refuse;
  /** The host's, and those of its subsets. */
  readonly policies: readonly TrafficPolicy[];
}

/** Rejects TLS from sidecars on ports of the mesh's Services where the protocol negotiates it, as ExternalService does on its own. */
export const originatedTls = new AppCheck<OriginatedTls>((members, mesh) => members.flatMap(({ refuse, policies, ...named }) => {
  const service = policies.some(({ tls }) => tls.some(originates)) ? serviceIn(mesh, named) : undefined;
  return (service ? readPortsOf(service) : []).flatMap(({ number, name, target, isTcp }) => {
    const mode = policies.map((policy) => policy.tlsOn(number)).find((tls) => tls && originates(tls))?._mode;
    const own = name === usualPortName(number, ExternalProtocol.TCP) ? undefined : name;
    const found = mode !== undefined && isTcp ? negotiatedOn({ name: own, port: number, targetPort: target }) : undefined;
    return found === undefined ? [] : [refuse({
      code: 'API828',
      field: 'trafficPolicy.tls.mode',
      actual: `${mode} for port ${number}${own === undefined ? '' : ` (${own})`} of ${service!.kind} ${service!.name}`,
      expected: 'DISABLE',
      because: `sidecars would open the connection with a TLS handshake, but ${found.negotiation}`,
      fix: `add { port: ${number}, tls: ClientTls.disable() } to 'ports', and let the application negotiate TLS; if something in front of `
        + "the server accepts TLS at once, give the port a name of its own, such as 'tcp-tunnel'",
    }).message];
  });
}));

function originates({ _mode: mode }: ClientTls): boolean {
  return mode === 'SIMPLE' || mode === 'MUTUAL';
}
