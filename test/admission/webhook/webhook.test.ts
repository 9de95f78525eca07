import { webhookObjections } from '../../../src/admission/webhook/webhook';
import { toldOf } from '../../support/webhook';

test.each(['PeerAuthentication', 'DestinationRule', 'Unheard'])('judges the annotations of a %s', (kind) => {
  const annotations = { 'istio.io/dry-run': 'true', 'internal.istio.io/parents': 'a', 'internal.istio.io/parent-namespace': 'a', 'internal.istio.io/webhook-always-reject': '' };
  expect(toldOf(kind, { host: 'a' }, { annotations })).toEqual([
    'ADMIT449 metadata.annotations[internal.istio.io/parent-namespace]',
    'ADMIT449 metadata.annotations[internal.istio.io/parents]',
    'ADMIT449 metadata.annotations[internal.istio.io/webhook-always-reject]',
    'ADMIT449 metadata.annotations[istio.io/dry-run]',
  ]);
});

test('has nothing against a dry run of an AuthorizationPolicy', () => {
  expect(toldOf('AuthorizationPolicy', { action: 'DENY', rules: [{}] }, { annotations: { 'istio.io/dry-run': 'true' } })).toEqual([]);
});

test.each(['Unheard', 'constructor', '__proto__'])('has nothing against a %s, which it has no rules for', (kind) => {
  expect(webhookObjections(kind, {})).toEqual([]);
});
