import { shown } from '../../findings/safe-text';
import { DECLARED_CALLS } from '../../manifests/kinds';
import { Declaration, DeclaredEntry, misplacedDeclaration } from '../../mesh/calls/declared-calls';
import { objectText } from '../../mesh/inventory/object';
import { Workload } from '../../mesh/workloads/workload';
import { Evidence } from '../evidence';
import { Found } from '../mesh-finding';
import { Rule } from '../rule';

export const declaredCalls: Rule = {
  code: 'MTLS604',
  name: 'declared-calls',
  severity: 'warning',
  title: 'The annotation with a workload\'s calls has a mistake, so the workload counts as calling everything',
  reads: ['workload'],
  * find(evidence: Evidence) {
    const { mesh } = evidence;
    for (const client of mesh.callers) {
      const declaration = mesh.declarations.get(client);
      if (declaration && !declaration.calls) yield mistaken(evidence, client, declaration);
      const misplaced = misplacedDeclaration(client);
      if (misplaced) {
        yield {
          ...misplaced,
          actual: shown(client.annotations[DECLARED_CALLS] ?? misplaced.object.annotations[DECLARED_CALLS]),
          expected: `the annotation in the metadata of ${objectText(client)}`,
          because: 'only a workload\'s own metadata declares its calls',
          fix: declaration?.calls ? `remove ${DECLARED_CALLS} there, or list its calls in metadata.annotations of ${objectText(client)}`
            : `move ${DECLARED_CALLS} to metadata.annotations of ${objectText(client)}`,
        };
      }
    }
  },
};

function mistaken(evidence: Evidence, client: Workload, { at, entries }: Declaration): Found {
  const faulty = entries.filter(({ fault }) => fault !== undefined && fault !== 'not-shown');
  const [first] = faulty;
  return {
    ...at,
    actual: `${shown(first.text)}${faulty.length > 1 ? ` and ${faulty.length - 1} more` : ''}`,
    because: `${objectText(client)} counts as calling everything, since it is unknown which call is meant`,
    ...wanted(evidence, client, first),
  };
}

/** What should stand in place of a mistaken entry. */
function wanted(
  evidence: Evidence, { namespace }: Workload, { text, place, fault, ports, meant: host }: DeclaredEntry,
): Pick<Found, 'expected' | 'fix'> {
  switch (fault) {
    case 'no-port': return {
      expected: `a port of the ${ports!.of}: ${ports!.texts.join(', ') || 'none'}`, fix: 'write one of its ports, or none for all',
    };
    case 'no-service': {
      const meant = host ?? evidence.suggestions.for(place, servicesIn(evidence, place, namespace)) ?? elsewhere(evidence, place);
      const port = text.slice(place.length);
      return {
        expected: host === undefined ? 'a Service of its namespace'
          : `a host in the cluster's domain, ${evidence.mesh.registry.clusterDomain}`,
        fix: meant === undefined ? 'correct the name, or remove the entry' : `write ${shown(`${meant}${port}`)}`,
      };
    }
    default: return {
      expected: 'entries such as shop/cart, shop/cart:80 or bank.example:443, with commas in between',
      fix: 'correct the entry, or remove it',
    };
  }
}

/** A Service of another namespace with a name that is written alone. */
function elsewhere(evidence: Evidence, place: string): string | undefined {
  const [service] = evidence.servicesNamed(place);
  return service && `${service.namespace}/${service.name}`;
}

/** The names of Services, written like an entry: with a namespace, as in DNS, or alone. */
function servicesIn(evidence: Evidence, place: string, home: string): readonly string[] {
  if (!place.includes('/') && !place.includes('.')) return evidence.serviceNamesIn(home);
  return evidence.mesh.registry.services.filter(({ registry }) => registry === 'Kubernetes')
    .map(({ name, namespace }) => (place.includes('/') ? `${namespace}/${name}` : `${name}.${namespace}`));
}
