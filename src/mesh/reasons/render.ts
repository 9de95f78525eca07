import { FieldPath, fieldText, valueAt } from '../../findings/finding';
import { FieldRef } from '../inventory/field-ref';
import { isOf, KIND } from '../inventory/kinds';
import { objectText } from '../inventory/object';
import { Reason } from '../model/reason';
import { RulePart } from '../policies/destination-rule';
import { CallKind } from '../routes/route';
import { TLS_MODE } from '../workloads/injected-labels';

/** How a reason reads, apart from its object. */
export interface ReasonText {
  readonly field: string;
  readonly effect: string;
}

type Renderer = { readonly [K in Reason['kind']]: (reason: Extract<Reason, { readonly kind: K }>) => ReasonText };

/** The words of every kind of reason. */
export const RENDERER: Renderer = {
  'injection': ({ because }) => ({ field: 'proxy', effect: because }),
  'interception': ({ at, annotation, because }) => ({ field: annotation === undefined ? partText(at) : 'proxy', effect: because }),
  'machine': ({ at, because }) => ({ field: textOf(at.field), effect: because }),
  'hidden': ({ at, by, host }) => ({ field: by === 'exportTo' ? 'exportTo' : textOf(at.field), effect: `hides ${host} from the client` }),
  'no-listener': ({ at, by, host, port }) => ({
    field: textOf(at.field),
    effect: by === 'own-port' ? `port ${port} is the sidecar's own` : `no listener or route of ${host} accepts the call`,
  }),
  'forbidden': ({ at }) => ({ field: textOf(at.field), effect: 'blocks destinations that the client\'s proxy doesn\'t know' }),
  'routed': ({ host, port, subset, mirrored }) => ({
    field: 'spec.hosts',
    effect: `${mirrored ? 'sends copies of requests' : 'sends the call'} to `
      + `${host}:${port}${subset === undefined ? '' : ` subset ${subset}`}`,
  }),
  'gateway-api': ({ at }) => ({ field: textOf(at.field), effect: 'may send the call elsewhere' }),
  'destination': ({ at, host, port }) => ({ field: textOf(at.field), effect: `has no ${host}:${port} known to the client` }),
  'subset': ({ subset, lacks }) => lacks === 'definition'
    ? { field: 'spec.subsets', effect: `defines no subset ${subset}` }
    : { field: `spec.subsets[${subset}].labels`, effect: 'select no server' },
  'servers': ({ at, has }) => ({
    field: textOf(at.field),
    effect: has === 'none' ? 'has no servers' : 'has other servers, and the client requires the name of one of them',
  }),
  'tls-settings': ({
    part, sends, speaks, ignored,
  }) => ({ field: `${policyText(part)}.tls.mode`, effect: settingsText(sends, speaks, ignored) }),
  'identity': ({ part }) => ({ field: `${policyText(part)}.tls.subjectAltNames`, effect: 'the server has another identity' }),
  'proxy-protocol': ({ part }) => ({
    field: `${policyText(part)}.proxyProtocol`, effect: 'adds a header that the server\'s proxy doesn\'t read',
  }),
  'auto-mtls': ({ at, part, because, speaks }) => {
    switch (because) {
      case 'endpoint-without-tls': return { field: partText(at), effect: `${withoutTls(at)}, so auto mTLS ${plainText(speaks)}` };
      case 'external': return {
        field: textOf(at.field),
        effect: `${isWritten(at) ? 'is outside the mesh' : 'is absent, which means outside the mesh'}, so auto mTLS ${plainText(speaks)}`,
      };
      case 'not-all-endpoints': return part
        ? {
          field: `${policyText(part)}.loadBalancer.simple`,
          effect: `keeps the requested address, and not all servers use mutual TLS, so auto mTLS ${plainText(speaks)}`,
        }
        : { field: textOf(at.field), effect: `not all of its servers use mutual TLS, so auto mTLS ${plainText(speaks)}` };
      case 'policy-disables': return { field: textOf(at.field), effect: `DISABLE, so auto mTLS ${plainText(speaks)}` };
      default: return { field: textOf(at.field), effect: `the client ${plainText(speaks)}` };
    }
  },
  'peer-authentication': ({ mode, level, port }) => ({
    field: level === 'port' ? `spec.portLevelMtls.${port}.mode` : 'spec.mtls.mode', effect: `${mode} for the ${level}`,
  }),
  'protocol': ({ by }) => ({ field: by === 'sidecar' ? 'spec.ingress' : 'spec.ports', effect: 'makes the server\'s proxy expect HTTP' }),
  'backend-policy': ({ at }) => ({ field: textOf(at.field), effect: 'configures how clients call the service' }),
  'patched': ({ at, proxyOf }) => ({ field: textOf(at.field), effect: `changes the ${proxyOf}'s proxy` }),
  'request-filter': ({ at, route }) => ({ field: textOf(at.field), effect: `may change what ${objectText(route)} routes by` }),
  'unreadable-mesh-config': ({ at }) => ({
    field: textOf(at.field), effect: 'istiod can\'t read it, and keeps the last one or takes the defaults',
  }),
  'network': ({ at, of, name }) => ({
    field: textOf(at.field),
    effect: `${name === undefined ? 'has several networks' : `sets network '${name}'`}, `
      + (of === 'another'
        ? 'and the client and the server may be on different ones'
        : `and the ${of === 'server' ? 'client' : 'server'} may be on another network`),
  }),
  'istiod': ({ change: { field, effect } }) => ({ field, effect }),
};

export function rendered(reason: Reason): ReasonText {
  return (RENDERER[reason.kind] as (one: Reason) => ReasonText)(reason);
}

function settingsText(sends: string, speaks: CallKind | undefined, ignored: boolean): string {
  if (ignored) return `has no effect: the client ${plainText(speaks)}`;
  return `the client ${sends === 'PLAINTEXT' && speaks === 'tls' ? plainText(speaks) : `sends ${sends}`}`;
}

/** A workload is named by its proxy, and a policy's port as it is for its mode. */
function partText({ object, field }: FieldRef): string {
  if (field.length === 0) return 'proxy';
  return isOf(object, KIND.PeerAuthentication) ? field.join('.') : textOf(field);
}

function withoutTls({ object, field }: FieldRef): string {
  if (isOf(object, KIND.PeerAuthentication)) return 'DISABLE';
  if (field.at(-1) === TLS_MODE) return 'isn\'t istio';
  if (field.length === 0) return 'doesn\'t use mutual TLS there';
  return isOf(object, KIND.ServiceEntry)
    ? 'doesn\'t say that the server uses mutual TLS'
    : 'istiod doesn\'t know that the server uses mutual TLS';
}

function isWritten({ object: { source }, field }: FieldRef): boolean {
  return valueAt(source, field) !== undefined;
}

/** A client that adds no TLS leaves the application's TLS as it is. */
function plainText(speaks: CallKind | undefined): string {
  return speaks === 'tls' ? 'adds no TLS to the application\'s own' : 'sends plaintext';
}

/** Subsets and ports by their names, where a path has their index. */
function policyText({ subset, port }: RulePart): string {
  return `spec.${subset === undefined ? '' : `subsets[${subset}].`}trafficPolicy${port === undefined ? '' : `.portLevelSettings[${port}]`}`;
}

const TEXTS = new WeakMap<FieldPath, string>();

/** Most paths are shared, and used for very many connections. */
function textOf(field: FieldPath): string {
  let known = TEXTS.get(field);
  if (known === undefined) TEXTS.set(field, known = fieldText(field));
  return known;
}
