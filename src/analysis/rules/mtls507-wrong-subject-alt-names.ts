import { FieldPath } from '../../findings/field-path';
import { shown } from '../../findings/shown';
import { Shape } from '../../mesh/objects/shape';
import { identityOf } from '../../mesh/workloads/workload';
import { Calls, workloadText } from '../calls';
import { DecidedLeg } from '../decided-leg';
import { Evidence } from '../evidence';
import { Rule } from '../rule';
import { TlsPlaces } from '../tls-place';

export const wrongSubjectAltNames: Rule = {
  code: 'MTLS507',
  name: 'wrong-subject-alt-names',
  severity: 'error',
  title: 'A DestinationRule demands names that the server\'s certificate doesn\'t have',
  * find(evidence: Evidence) {
    const places = new TlsPlaces();
    const broken = evidence.brokenBy('wrong-identity');
    for (const [{ object, field }, calls] of Calls.grouped(evidence.mesh, broken, ({ leg }) => places.of(leg))) {
      const { name, identity } = serverOf(calls.first);
      yield {
        object,
        field: [...field, 'subjectAltNames'],
        actual: shown(valueAt(object.spec, field.slice(1)).subjectAltNames),
        expected: `'${identity}' among them`,
        because: `that is the only name of ${name}, so ${calls} fail in the handshake`,
        fix: 'leave subjectAltNames out, and istiod fills in the names of the servers',
        connections: calls.connections,
      };
    }
  },
};

/** The server of a way, by its name and the one in its certificate, as the client's istiod knows it. */
function serverOf({ decision, leg }: DecidedLeg): { readonly name: string; readonly identity: string } {
  const { workload, machine } = leg.endpoint!;
  const { trustDomain } = decision.classes.one!.plane!.config;
  const server = workload ?? machine?.entry;
  return { name: server ? workloadText(server) : machine!.address, identity: identityOf((workload ?? machine)!, trustDomain) };
}

function valueAt(spec: Shape, path: FieldPath): Shape {
  return path.reduce((at: any, step) => at[step], spec);
}
