import { Found } from './mesh-finding';
import { judgeCa } from '../certificates/ca-checks';
import { CaFault } from '../certificates/ca-fault';
import { CalendarDate, isCalendarDate } from '../findings/acknowledgement';
import { caField, knownTrustDomain, PluggedCa, pluggedCas } from '../mesh/certificates/plugged-ca';
import { Mesh } from '../mesh/mesh';

/** A CA and the faults in it. */
export interface JudgedCa {
  readonly ca: PluggedCa;
  readonly faults: readonly CaFault[];
}

/**
 * The CAs that the manifests plug into istiods, with their faults.
 *
 * @param today the day for which they are checked
 * @param horizonDays the days from then on for which their certificates must be valid
 */
export function judgedCas(mesh: Mesh, today: CalendarDate, horizonDays: number): readonly JudgedCa[] {
  return pluggedCas(mesh).map((ca) => {
    const { object: { namespace }, files, isRenewed } = ca;
    const trustDomain = knownTrustDomain(mesh, namespace);
    return { ca, faults: judgeCa(files, { now: endOf(today), horizonDays, trustDomain, istiodNamespace: namespace, isRenewed }) };
  });
}

/** The last second of a day: a certificate that ends on a day is reported on it. Undefined without a day. */
function endOf(day: CalendarDate): Date | undefined {
  return isCalendarDate(day) ? new Date(`${day}T23:59:59Z`) : undefined;
}

/** The faults with a code in the manifests' CAs. */
export function* foundInCas({ pluggedCas: judged }: { readonly pluggedCas: readonly JudgedCa[] }, code: string): Generator<Found> {
  for (const { ca, faults } of judged) {
    for (const { code: told, role, severity, actual, expected, because, fix } of faults) {
      if (told === code) yield { object: ca.object, field: caField(ca, role), severity, actual, expected, because, fix };
    }
  }
}
