import { valueAt } from '../../findings/finding';
import { shown } from '../../findings/safe-text';
import { clientsOf, DecidedHop } from '../../mesh/calls/decisions';
import { portOf, protocolAt } from '../../mesh/services/service';
import { FoundCalls, foundFaults } from '../calls';
import { Evidence } from '../evidence';
import { FieldFault, FieldFaults } from '../fields';
import { portException, protocolSet, tlsAddition } from '../remedies';
import { Rule } from '../rule';
import { serverFirstProtocol } from '../server-first';
import { serverText } from '../texts';

export const serverFirst: Rule = {
  code: 'MTLS122',
  name: 'server-first',
  severity: 'warning',
  title: 'A sidecar waits for the client to speak first, but the client waits for the server',
  reads: ['Service', 'ServiceEntry'],
  find(evidence: Evidence) {
    const waits = new Waits(evidence);
    const faults = new FieldFaults();
    const groups = FoundCalls.grouped(evidence.mesh, evidence.hops, (decided) => waits.faultOf(decided, faults));
    return foundFaults(groups, (calls) => ({ because: waits.text(calls) }));
  },
};

/** The sidecars that wait for the client to speak, although in this protocol the server speaks first. */
interface Wait {
  readonly protocol: string;
  /** Whether the client's sidecar waits, to tell HTTP from TCP, since the port names no protocol. */
  readonly client: boolean;
  /** The mode of the server's sidecar if it waits, to tell TLS from plaintext, or HTTP from TCP. */
  readonly server?: 'PERMISSIVE' | 'DISABLE';
}

class Waits {
  constructor(private readonly evidence: Evidence) {}

  faultOf(decided: DecidedHop, faults: FieldFaults): FieldFault | undefined {
    const wait = this.waitOf(decided);
    if (!wait) return undefined;
    const { service, port } = decided.hop.target;
    const { object } = service!;
    const severity = wait.client || isLikely(decided) ? undefined : 'info' as const;
    return faults.of(object, `${port} ${wait.client} ${wait.server} ${severity}`, () => {
      const { field } = protocolAt(service!, port);
      const remedies = severity || wait.server === 'PERMISSIVE' ? [] : [protocolSet(service!, port, 'TCP')];
      const actual = shown(valueAt(object.source, field));
      return { object, field, severity, actual, expected: expectedOf(wait, decided), fix: this.fix(wait, decided), remedies };
    });
  }

  text(calls: FoundCalls): string {
    const { hop } = calls.first;
    const { protocol, client, server } = this.waitOf(calls.first)!;
    const who = [
      ...(client ? ['the client\'s sidecar waits for the client\'s first bytes to detect HTTP or TCP'] : []),
      ...(server ? [`the server's sidecar waits for the client's first bytes to detect ${server === 'PERMISSIVE' ? 'TLS' : 'HTTP or TCP'}, `
        + `because ${serverText(hop)}`] : []),
    ];
    return `${calls} hang until protocolDetectionTimeout, by default forever: the client waits for the greeting of the ${protocol} server, `
      + `but ${who.join(', and ')}`;
  }

  private waitOf({ decision: { call }, hop }: DecidedHop): Wait | undefined {
    if (!call.kinds.includes('tcp')) return undefined;
    const { outcome, received: { endpoint }, travel, target: { service, port: number } } = hop;
    const port = service && portOf(service, number);
    if (!endpoint || !port || outcome === 'broken' || outcome === 'undecided') return undefined;
    const client = travel === 'service' && call.kinds.includes('http');
    const server = this.serverOf(hop);
    const protocol = client || server ? serverFirstProtocol(port, endpoint) : undefined;
    return protocol === undefined ? undefined : { protocol, client, server };
  }

  /** Only plaintext makes the server's sidecar wait: in TLS the client speaks first. */
  private serverOf({ sent: { tls: clientTls }, received: { endpoint, receiver } }: DecidedHop['hop']): Wait['server'] {
    const workload = endpoint?.workload;
    if (clientTls !== 'PLAINTEXT' || !workload || !this.evidence.openPorts.of(workload).some(({ port }) => port === endpoint.port)) {
      return undefined;
    }
    if (receiver!.mode === 'PERMISSIVE') return 'PERMISSIVE';
    return receiver!.mode === 'DISABLE' && receiver!.protocol.protocol === 'AUTO' ? 'DISABLE' : undefined;
  }

  private fix({ client, server }: Wait, { hop }: DecidedHop): string {
    const { received: { endpoint }, target: { service, port } } = hop;
    const name = client || server === 'DISABLE' ? [service!.registry === 'Kubernetes' ? 'name the port tcp' : 'set protocol: TCP'] : [];
    if (server !== 'PERMISSIVE') return name.join('');
    const secure = hop.sender.scope ? 'make the clients\' sidecars send mutual TLS' : 'inject sidecars into the clients';
    const headless = service!.resolution === 'PASSTHROUGH' ? ` and ${tlsAddition(hop, 'DISABLE', port).fix}` : '';
    const disable = `${portException(this.evidence, [endpoint!.workload!], [endpoint!.port], 'DISABLE')}${headless}`;
    return [...name, `${secure}, or, if plaintext is intended, ${disable}`].join(', and ');
  }
}

function expectedOf({ client, server }: Wait, { hop: { received: { endpoint }, target: { service } } }: DecidedHop): string {
  const named = client || server === 'DISABLE'
    ? [service!.registry === 'Kubernetes' ? 'appProtocol tcp, or a port name that starts with tcp' : 'protocol TCP']
    : [];
  return [
    ...named, ...(server === 'PERMISSIVE' ? [`mutual TLS from all clients of port ${endpoint!.port}, or STRICT or DISABLE for it`] : []),
  ].join(', and ');
}

/** Workloads without sidecars in other namespaces could call the server, but most never do. */
function isLikely({ decision, hop: { sender, received: { endpoint } } }: DecidedHop): boolean {
  return sender.scope !== undefined
    || clientsOf(decision).some((client) => client.namespace === endpoint!.namespace && client !== endpoint!.workload);
}
