import { Found } from './mesh-finding';
import { judgeCa } from '../certificates/ca-checks';
import { CaFault } from '../certificates/ca-fault';
import { CalendarDate, isCalendarDate } from '../findings/acknowledgement';
import { caField, knownTrustDomain, PluggedCa, pluggedCas } from '../mesh/certificates/plugged-ca';
import { Mesh } from '../mesh/mesh';

/** A CA with what is wrong with it. */
export interface JudgedCa {
  readonly ca: PluggedCa;
  readonly faults: readonly CaFault[];
}

/**
 * The CAs that the manifests plug into istiods, and what is wrong with them.
 *
 * @param today the day that they are held to
 * @param horizonDays for how many days from then on their certificates should be valid
 */
export function judgedCas(mesh: Mesh, today: CalendarDate, horizonDays: number): readonly JudgedCa[] {
  return pluggedCas(mesh).map((ca) => {
    const { object: { namespace }, files, isRenewed } = ca;
    const trustDomain = knownTrustDomain(mesh, namespace);
    return { ca, faults: judgeCa(files, { now: endOf(today), horizonDays, trustDomain, istiodNamespace: namespace, isRenewed }) };
  });
}

/** The last second of a day: what ends on it is told on it. Undefined if nobody knows the day. */
function endOf(day: CalendarDate): Date | undefined {
  return isCalendarDate(day) ? new Date(`${day}T23:59:59Z`) : undefined;
}

/** What is wrong with the CAs of the manifests that one code tells. */
export function* foundInCas({ pluggedCas: judged }: { readonly pluggedCas: readonly JudgedCa[] }, code: string): Generator<Found> {
  for (const { ca, faults } of judged) {
    for (const { code: told, role, severity, actual, expected, because, fix } of faults) {
      if (told === code) yield { object: ca.object, field: caField(ca, role), severity, actual, expected, because, fix };
    }
  }
}
