import { shown } from '../../findings/safe-text';
import { FieldRef } from '../../mesh/inventory/field-ref';
import { FoundCalls } from '../calls';
import { Evidence } from '../evidence';
import { ruleTlsAt, tlsSettingsOf } from '../fields';
import { Found } from '../mesh-finding';
import { Rule } from '../rule';

export const ignoredCredential: Rule = {
  code: 'MTLS308',
  name: 'ignored-credential',
  severity: 'warning',
  title: 'Sidecars send plaintext because they can\'t use the certificates of a DestinationRule',
  reads: ['DestinationRule'],
  * find(evidence: Evidence) {
    const ignored = evidence.hops.filter(({ hop }) => hop.sent.reason === 'rule-without-effect');
    for (const [ref, calls] of FoundCalls.grouped(evidence.mesh, ignored, ({ hop }) => ruleTlsAt(hop))) yield found(ref, calls);
  },
};

function found({ object, field }: FieldRef, calls: FoundCalls): Found {
  const { credentialName: secret, clientCertificate, mode } = tlsSettingsOf(calls.first.hop)!;
  if (secret !== undefined) {
    return {
      object,
      field: [...field, 'credentialName'],
      actual: shown(secret),
      expected: 'a workloadSelector in the rule, or certificates from files',
      because: `without a workloadSelector only gateways read a Secret, and istiod omits the TLS for sidecars: ${calls} ${calls.sent}`,
      fix: 'add a workloadSelector with the labels of the clients that may read the Secret',
      connections: calls.connections,
    };
  }
  const missing = clientCertificate === undefined ? 'clientCertificate' : 'privateKey';
  return {
    object,
    field: [...field, missing],
    actual: 'missing',
    expected: `the path of a file, as mode ${mode} needs`,
    because: `istiod omits TLS settings that it can't build: ${calls} ${calls.sent}`,
    fix: `add ${missing}`,
    connections: calls.connections,
  };
}
