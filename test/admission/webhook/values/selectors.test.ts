import { toldOf } from '../../../support/admission/webhook';

const kinds = ['AuthorizationPolicy', 'RequestAuthentication', 'Telemetry', 'WasmPlugin'];
const told = (kind: string, targetRef: object) => toldOf(kind, { targetRef: { name: 'a', ...targetRef }, url: 'oci://a' });

test.each(kinds)('accepts Services and Gateways as targets of a %s', (kind) => {
  expect(told(kind, { kind: 'Service' })).toEqual([]);
  expect(told(kind, { kind: 'Service', group: 'core' })).toEqual([]);
  expect(told(kind, { kind: 'ServiceEntry', group: 'networking.istio.io' })).toEqual([]);
  expect(told(kind, { kind: 'Gateway', group: 'gateway.networking.k8s.io' })).toEqual([]);
  expect(told(kind, { kind: 'GatewayClass', group: 'gateway.networking.k8s.io' })).toEqual([]);
  expect(told(kind, { kind: 'Gateway', group: 'networking.istio.io' })).toEqual(['ADMIT452 spec.targetRef.group']);
  expect(told(kind, { kind: 'Gateway' })).toEqual(['ADMIT452 spec.targetRef.group']);
  expect(told(kind, { kind: 'Deployment', group: 'apps' })).toEqual(['ADMIT452 spec.targetRef.kind']);
});

test.each([...kinds, 'TrafficExtension'])('checks each target of a %s', (kind) => {
  const targetRefs = [{ kind: 'Service', name: 'a' }, { kind: 'Pod', name: 'b' }];
  expect(toldOf(kind, { targetRefs, url: 'oci://a' })).toEqual(['ADMIT452 spec.targetRefs[1].kind']);
});

test.each([...kinds, 'TrafficExtension', 'ProxyConfig', 'PeerAuthentication'])('checks the selector of a %s', (kind) => {
  expect(toldOf(kind, { selector: {}, url: 'oci://a' })).toEqual(['warning ADMIT451 spec.selector.matchLabels']);
});
