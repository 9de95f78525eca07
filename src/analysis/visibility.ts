import { FoundCalls, foundFaults } from './calls';
import { Cause } from './causes';
import { Evidence } from './evidence';
import { FieldFault, FieldFaults } from './fields';
import { Found } from './mesh-finding';
import { removing } from './remedies';
import { workloadsText } from './texts';
import { shown } from '../findings/safe-text';
import { DecidedHop } from '../mesh/calls/decisions';
import { EffectiveMeshConfig } from '../mesh/config/mesh-config';
import { REVISION } from '../mesh/config/revisions';
import { ControlPlane } from '../mesh/control-planes/control-plane';
import { hidingOf } from '../mesh/control-planes/hiding';
import { Mesh } from '../mesh/mesh';
import { Call } from '../mesh/model/call';
import { selfOf } from '../mesh/model/path';
import { Sender } from '../mesh/model/sender';
import { SidecarResource } from '../mesh/policies/sidecar';
import { exportToAt, portAt, Service } from '../mesh/services/service';
import { Workload } from '../mesh/workloads/workload';

/** Finds why clients' proxies don't see the services that they call. */
class Visibility {
  private readonly faults = new FieldFaults();

  constructor(private readonly mesh: Mesh) {}

  /** Whether clients' own Sidecars hide the service: all clients of the decision import nothing that the call needs. */
  isSidecar({ services: [called], port }: Call, { plane, scope }: Sender): boolean {
    const service = this.mesh.registry.aliases.serviceBehind(called);
    return plane!.reads(service.object) && plane!.exportOf(service).isPublic && !scope!.onPort(port).sees(service);
  }

  /** @param client whose proxy treats the call as one to an unknown destination */
  of({ services: [called], port }: Call, { plane, scope }: Sender): FieldFault {
    const service = this.mesh.registry.aliases.serviceBehind(called);
    const hiding = hidingOf(service, plane!, scope!.onPort(port));
    switch (hiding) {
      case 'sidecar': return this.sidecar(scope!.resource!);
      case 'revision': return this.revision(service);
      case 'exportTo': return this.exportTo(service);
      case 'nothing': return scope!.sidecarPorts.has(port) ? this.sidecarPort(called, port) : this.unmatched(called);
      case 'serviceEntryVisibility': return this.visibility(plane!, service);
      default: return this.config(plane!.config, hiding, service.namespace);
    }
  }

  private config(config: EffectiveMeshConfig, field: 'discoverySelectors' | 'defaultServiceExportTo', namespace: string): FieldFault {
    return this.faults.of(config, field, () => ({
      object: config.object!,
      field: ['data', 'mesh'],
      actual: `${field}: ${shown(config[field])}`,
      expected: field === 'discoverySelectors' ? `selectors that also match namespace ${namespace}` : 'services exported to their clients',
      fix: field === 'discoverySelectors'
        ? `extend the selectors to namespace ${namespace}`
        : 'export services that other namespaces call, with annotation networking.istio.io/exportTo',
    }));
  }

  private visibility(plane: ControlPlane, service: Service): FieldFault {
    const { config } = plane;
    return this.faults.of(config, 'serviceEntryVisibility', () => ({
      object: config.object!,
      field: ['data', 'mesh'],
      actual: `serviceEntryVisibility: ${plane.visibilityOf(service)} for namespace ${service.namespace}`,
      expected: 'PUBLIC if other namespaces call hosts of its ServiceEntries',
      fix: 'add a policy with visibility PUBLIC that selects the namespace',
    }));
  }

  private revision({ object }: Service): FieldFault {
    return this.faults.of(object, 'revision', () => ({
      object,
      field: ['metadata', 'labels', REVISION],
      actual: shown(object.labels[REVISION]),
      expected: 'no such label, or the clients\' revision',
      fix: `remove label ${REVISION}`,
      remedies: [removing(object, ['metadata', 'labels', REVISION])],
    }));
  }

  private exportTo(service: Service): FieldFault {
    return this.faults.of(service.object, 'exportTo', () => ({
      ...exportToAt(service),
      actual: shown(service.exportTo.join(',')),
      expected: 'all namespaces that call it',
      fix: 'add the namespaces of the clients',
    }));
  }

  sidecar({ object }: SidecarResource): FieldFault {
    return this.faults.of(object, 'egress', () => ({
      object,
      field: ['spec', 'egress'],
      actual: shown(object.spec.egress),
      expected: 'all hosts that the workloads call',
      fix: 'add the hosts that the workloads call',
    }));
  }

  /** Every sidecar itself listens on such a port, so none has an HTTP listener there. */
  private sidecarPort(service: Service, port: number): FieldFault {
    return this.faults.of(service.object, String(port), () => ({
      ...portAt(service, port),
      actual: String(port),
      expected: 'a port that sidecars don\'t use themselves',
      fix: 'use another port for the service',
    }));
  }

  /** The client knows the service, but no listener or route accepts the call: a pod lacks the port, or a route has other names. */
  private unmatched({ object, host }: Service): FieldFault {
    return this.faults.of(object, 'unmatched', () => ({
      object,
      field: ['spec'],
      actual: shown(object.spec),
      expected: `a listener or route for ${host} that accepts these calls`,
      fix: 'check its ports against those of its pods, its name against its target, and its routes against the names they list',
    }));
  }
}

/** One finding for each object that hides services from clients, for calls broken by a given cause. */
export function* foundHidden(evidence: Evidence, cause: Cause, tell: (calls: string, first: DecidedHop) => string): Generator<Found> {
  const { mesh } = evidence;
  const visibility = new Visibility(mesh);
  const [blind, rest] = [new Map<ReadonlySet<Sender>, BlindCalls>(), [] as DecidedHop[]];
  for (const decided of evidence.brokenBy(cause)) {
    const { decision: { call, senders }, path: { only, except }, hop: { sender } } = decided;
    if (only || except || !visibility.isSidecar(call, sender)) rest.push(decided);
    else if (blind.has(senders.all)) blind.get(senders.all)!.add(decided);
    else blind.set(senders.all, new BlindCalls(mesh, decided));
  }
  const groups = FoundCalls.groupedBySender(mesh, rest, ({ decision: { call } }, client) => visibility.of(call, client));
  yield* foundFaults(groups, (calls) => ({ because: tell(String(calls), calls.first) }));
  for (const [fault, { connections, clients, first }] of bySidecar(blind.values(), visibility)) {
    const { host, port } = first.decision.call;
    yield {
      ...fault, because: tell(`calls from ${workloadsText([...new Set(clients)])}, such as those to ${host}:${port},`, first), connections,
    };
  }
}

interface Blinded {
  connections: number;
  readonly clients: Workload[];
  readonly first: DecidedHop;
}

function bySidecar(blind: Iterable<BlindCalls>, visibility: Visibility): ReadonlyMap<FieldFault, Blinded> {
  const groups = new Map<FieldFault, Blinded>();
  for (const calls of blind) {
    for (const [one, blinded] of calls.bySender()) {
      const fault = visibility.sidecar(one.scope!.resource!);
      const known = groups.get(fault);
      if (known) {
        known.connections += blinded.connections;
        known.clients.push(...blinded.clients);
      } else {
        groups.set(fault, blinded);
      }
    }
  }
  return groups;
}

/** Calls that many senders make alike, each time with a few exceptions: thousands of Sidecars may hide thousands of services. */
class BlindCalls {
  private readonly hops: DecidedHop[] = [];
  private readonly leftOut = new Map<Sender, number>();
  private readonly toItself = new Map<Workload, number>();

  constructor(private readonly mesh: Mesh, first: DecidedHop) {
    this.add(first);
  }

  add(decided: DecidedHop): void {
    const { decision: { senders }, path } = decided;
    this.hops.push(decided);
    for (const one of senders.left) this.leftOut.set(one, (this.leftOut.get(one) ?? 0) + 1);
    const self = selfOf(path);
    if (self && senders.has(this.mesh.decisions.senderOf(self))) this.toItself.set(self, (this.toItself.get(self) ?? 0) + 1);
  }

  * bySender(): Generator<[Sender, Blinded]> {
    for (const one of this.hops[0].decision.senders.all) {
      const paths = this.hops.length - (this.leftOut.get(one) ?? 0);
      const counts = one.members.map((client) => ({ client, count: paths - (this.toItself.get(client) ?? 0) }))
        .filter(({ count }) => count > 0);
      if (counts.length === 0) continue;
      const [{ client }] = counts;
      const first = this.hops.find(({ decision: { senders }, path }) => senders.has(one) && selfOf(path) !== client)!;
      yield [
        one, { connections: counts.reduce((sum, { count }) => sum + count, 0), clients: counts.map((counted) => counted.client), first },
      ];
    }
  }
}
