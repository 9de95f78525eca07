import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** What a policy may be attached to: kind and group. */
const TARGETS: { readonly [kind: string]: string } = {
  Service: '',
  ServiceEntry: 'networking.istio.io',
  Gateway: 'gateway.networking.k8s.io',
  GatewayClass: 'gateway.networking.k8s.io',
};

function isTarget({ kind, group }: any): boolean {
  if (!Object.hasOwn(TARGETS, kind)) return false;
  return (group || 'core') === (TARGETS[kind] || 'core');
}

/** `targetRef` and `targetRefs` of a spec. */
export function judgeTargetRefs(at: Objections, spec: any): void {
  if (spec.targetRef != null) judgeTargetRef(at.at('targetRef'), spec.targetRef);
  (spec.targetRefs ?? []).forEach((ref: any, index: number) => judgeTargetRef(at.at('targetRefs', index), ref));
}

function judgeTargetRef(at: Objections, ref: any): void {
  if (isTarget(ref)) return;
  const named = Object.hasOwn(TARGETS, ref.kind);
  at.at(named ? 'group' : 'kind').error({
    code: 'ADMIT452',
    actual: shown(named ? ref.group : ref.kind),
    expected: 'Service (group \'\'), ServiceEntry (networking.istio.io), or Gateway or GatewayClass (gateway.networking.k8s.io)',
    because: 'policies attach to waypoints and gateways, and to the services behind them',
    fix: named ? `write group: '${TARGETS[ref.kind]}'` : 'name one of these kinds, or select workloads with \'selector\'',
  });
}
