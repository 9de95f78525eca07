import { valueAt } from '../../findings/finding';
import { shown } from '../../findings/safe-text';
import { CaCertificate, caCertificates } from '../../mesh/certificates/ca-sources';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { Rule } from '../rule';

/** istiod's default lifetime of workload certificates, in milliseconds. */
const WORKLOAD_CERTIFICATE = 86_400_000;

export const certificateRenewal: Rule = {
  code: 'MTLS723',
  name: 'certificate-renewal',
  severity: 'warning',
  title: 'istiod\'s CA is renewed too late or with its old key',
  reads: ['Certificate'],
  * find({ mesh }: Evidence) {
    for (const certificate of caCertificates(mesh)) {
      yield* tooLate(certificate);
      if (certificate.rotationPolicy === 'Never') yield oldKey(certificate);
    }
  },
};

function* tooLate({ object, duration, renewBefore }: CaCertificate): Generator<Found> {
  if (renewBefore === undefined || renewBefore >= WORKLOAD_CERTIFICATE) return;
  const written = valueAt(object.source, ['spec', 'renewBefore']);
  yield {
    object,
    field: ['spec', written === undefined ? 'duration' : 'renewBefore'],
    actual: written === undefined
      ? `${shown(valueAt(object.source, ['spec', 'duration']))}, of which the last third is ${hours(renewBefore)}`
      : shown(written),
    expected: written === undefined ? 'at least 72h' : `at least 24h, and less than ${hours(duration)}`,
    because: 'istiod accepts it: it limits workload certificates to the remaining lifetime of its own, '
      + 'so they are renewed more and more often before each renewal',
    fix: written === undefined ? 'set spec.duration to 2160h or remove it' : 'set spec.renewBefore to a few days',
  };
}

function hours(milliseconds: number): string {
  return `${Number((milliseconds / 3_600_000).toFixed(1))}h`;
}

function oldKey({ object }: CaCertificate): Found {
  return {
    object,
    field: ['spec', 'privateKey', 'rotationPolicy'],
    severity: 'info',
    actual: 'Never',
    expected: 'Always',
    because: 'istiod accepts it: the CA\'s private key never changes, and whoever has seen it can use it forever',
    fix: 'set spec.privateKey.rotationPolicy to Always',
  };
}
