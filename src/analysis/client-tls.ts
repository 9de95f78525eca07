import { FieldFault, FieldFaults, podField, ruleTlsAt } from './fields';
import { removingLabel, setting, tlsAddition, tlsRemedy } from './remedies';
import { FieldPath, valueAt } from '../findings/finding';
import { shown } from '../findings/safe-text';
import { DecidedHop } from '../mesh/calls/decisions';
import { FieldRef, within } from '../mesh/inventory/field-ref';
import { isOf, KIND } from '../mesh/inventory/kinds';
import { MeshObject, objectText } from '../mesh/inventory/object';
import { Hop } from '../mesh/model/hop';
import { portEntry } from '../mesh/policies/destination-rule';
import { TLS_MODE } from '../mesh/workloads/injected-labels';

/** Finds why proxies send plaintext although neither a rule nor a policy asks for it; undefined for other hops. */
export class PlaintextFaults {
  private readonly faults = new FieldFaults();

  of({ hop }: DecidedHop): FieldFault | undefined {
    switch (hop.travel === 'service' ? hop.sent.reason : undefined) {
      case 'auto-mtls-off': return this.autoMtls(hop.sent.by!.object);
      case 'external': return this.external(hop.sent.by!.object);
      case 'endpoint-without-tls': return this.endpoint(hop, hop.sent.by!);
      case 'not-all-endpoints': return this.notAll(hop, hop.sent.by!);
      case 'rule-hides-endpoint': return this.hidden(hop);
      default: return undefined;
    }
  }

  private autoMtls(object: MeshObject): FieldFault {
    return this.faults.of(object, 'auto', () => ({
      object,
      field: ['data', 'mesh'],
      actual: 'enableAutoMtls: false',
      expected: 'enableAutoMtls: true, the default, or a DestinationRule with ISTIO_MUTUAL for each host',
      fix: 'remove enableAutoMtls',
    }));
  }

  private external(object: MeshObject): FieldFault {
    return this.faults.of(object, 'external', () => ({
      object,
      field: ['spec', 'location'],
      actual: shown(object.spec.location),
      expected: 'MESH_INTERNAL, because its endpoints have sidecars',
      fix: 'set location: MESH_INTERNAL',
      remedies: [setting(object, ['spec', 'location'], 'MESH_INTERNAL')],
    }));
  }

  /** The fault at an endpoint, as the client's istiod sees it: in its label, in a policy, or in the object that lists it. */
  private endpoint(hop: Hop, { object, field }: FieldRef): FieldFault {
    const { workload } = hop.received.endpoint!;
    if (isOf(object, KIND.PeerAuthentication)) return this.otherPolicy(object, field);
    if (isOf(object, KIND.EndpointSlice) || isOf(object, KIND.Endpoints)) return this.listed(hop, object, field);
    if (!workload || (object !== workload.object && object !== workload.podSource.object)) return this.declared(hop, object);
    return this.faults.of(workload, 'label', () => ({
      ...podField(workload, 'metadata', 'labels', TLS_MODE),
      actual: shown(workload.labels[TLS_MODE]),
      expected: 'no such label: the sidecar injector sets it to \'istio\'',
      fix: `remove label ${TLS_MODE}`,
      remedies: removingLabel(workload, TLS_MODE),
    }));
  }

  private otherPolicy(object: MeshObject, field: FieldPath): FieldFault {
    return this.faults.of(object, field.join(), () => ({
      object,
      field,
      actual: 'DISABLE according to the clients\' istiod, but not the servers\'',
      expected: 'the same policy for all revisions',
      fix: 'set the same rootNamespace in the mesh configs of all revisions',
    }));
  }

  /** A server that istiod knows only from the object that lists it: by a name that the proxy resolves, or by an address of a pod. */
  private declared(hop: Hop, object: MeshObject): FieldFault {
    const field = isOf(object, KIND.ServiceEntry) ? ['spec', 'endpoints'] : ['spec'];
    return this.faults.of(object, 'endpoints', () => ({
      object,
      field,
      actual: shown(valueAt(object.source, field)),
      expected: `endpoints that declare mutual TLS, by a serviceAccount or label ${TLS_MODE}: istio`,
      ...tlsAddition(hop, 'ISTIO_MUTUAL'),
    }));
  }

  /** An address in an EndpointSlice or Endpoints object that istiod can't assign to a pod. */
  private listed(hop: Hop, object: MeshObject, field: FieldPath): FieldFault {
    return this.faults.of(object, field.join(), () => ({
      object,
      field: [...field, 'targetRef'],
      actual: 'missing',
      expected: 'the pod\'s name, because istiod looks for an address without it among the pods of the Service\'s namespace alone',
      ...tlsAddition(hop, 'ISTIO_MUTUAL'),
    }));
  }

  /** If calls go to the requested address, all servers of the service must have a sidecar, or none is sent mutual TLS. */
  private notAll(hop: Hop, { object, field }: FieldRef): FieldFault {
    const { target, sender } = hop;
    const service = target.service!;
    const byRule = object !== service.object;
    return this.faults.of(object, `endpoints ${target.host}:${target.port}`, () => {
      const plain = sender.plane?.serversOn(service, target.port).find(({ tlsMode }) => tlsMode === 'disabled');
      const name = plain?.workload ?? plain?.machine?.entry;
      const labelled = plain?.workload?.proxy.encrypts === true ? plain.workload : undefined;
      const remedies = labelled ? removingLabel(labelled, TLS_MODE) : [];
      return {
        object,
        field: byRule ? field : ['spec', service.registry === 'Kubernetes' ? 'clusterIP' : 'resolution'],
        actual: byRule ? '\'PASSTHROUGH\'' : shown(service.registry === 'Kubernetes' ? 'None' : object.spec.resolution),
        expected: `sidecars in all endpoints of ${target.host}:${target.port}, because clients send plaintext to all if one has none`,
        ...name
          ? { fix: `${labelled ? `remove label ${TLS_MODE} from` : 'inject a sidecar into'} ${objectText(name)}`, remedies }
          : tlsAddition(hop, 'ISTIO_MUTUAL'),
      };
    });
  }

  private hidden({ subset, rule, sent: { settings, by }, target: { port } }: Hop): FieldFault {
    const hint = settings!;
    const { object, field } = by!;
    const entry = portEntry([subset?.policy, rule?.policy].find((policy) => policy?.tls === hint), port);
    return this.faults.of(object, `${field.join()} ${port}`, () => ({
      object,
      field: [...field, 'mode'],
      actual: hint.mode,
      expected: `tls in the portLevelSettings entry of port ${port}, which inherits none and otherwise only turns auto mTLS off`,
      fix: `add tls to the portLevelSettings entry of port ${port}`,
      remedies: entry ? [setting(object, within(entry.at, 'tls').field, valueAt(object.source, field))] : [],
    }));
  }
}

/** Finds why clients send mutual TLS to a server without a known proxy. */
export class ProxylessFaults {
  private readonly faults = new FieldFaults();

  of(way: DecidedHop): FieldFault {
    const { hop } = way;
    const { received: { endpoint }, target, sent: { reason: tlsReason } } = hop;
    const rule = tlsReason === 'rule' ? ruleTlsAt(hop) : undefined;
    if (rule) {
      return this.faults.of(rule, '', () => ({
        object: rule.object,
        field: [...rule.field, 'mode'],
        actual: 'ISTIO_MUTUAL',
        expected: 'no tls, or DISABLE',
        ...tlsRemedy(rule, way),
      }));
    }
    const workload = endpoint!.workload;
    if (workload?.labels[TLS_MODE] === 'istio') {
      return this.faults.of(workload, '', () => ({
        ...podField(workload, 'metadata', 'labels', TLS_MODE),
        actual: '\'istio\'',
        expected: 'no such label, which promises a sidecar',
        fix: `remove label ${TLS_MODE}`,
        remedies: removingLabel(workload, TLS_MODE),
      }));
    }
    const { object } = target.service!;
    return this.faults.of(object, '', () => ({
      object,
      field: ['spec', 'addresses'],
      actual: shown(object.spec.addresses),
      expected: 'addresses of the selected workloads with sidecars',
      ...tlsAddition(hop, 'DISABLE'),
    }));
  }
}
