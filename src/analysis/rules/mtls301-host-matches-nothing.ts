import { nearest } from '../../findings/nearest';
import { shown } from '../../findings/shown';
import { CLUSTER_DOMAIN, fullHost, isWildcard, isWithin, serviceHost } from '../../mesh/names/hosts';
import { text } from '../../mesh/objects/shape';
import { Service } from '../../mesh/services/service';
import { workloadText } from '../calls';
import { Evidence } from '../evidence';
import { Rule } from '../rule';

export const hostMatchesNothing: Rule = {
  code: 'MTLS301',
  name: 'host-matches-nothing',
  severity: 'warning',
  title: 'No service has the host of a DestinationRule',
  * find(evidence: Evidence) {
    for (const object of evidence.objects('DestinationRule')) {
      const host = text(object.spec.host);
      const mistake = host === undefined ? undefined : mistakeIn(evidence, host, fullHost(host, object.namespace));
      if (mistake === undefined) continue;
      const { meant, because } = mistake;
      yield {
        object,
        field: ['spec', 'host'],
        actual: shown(host),
        expected: meant === undefined ? 'the host of a service' : shown(meant),
        because: `${because}, so the rule holds for nothing`,
        fix: meant === undefined ? 'write the full host of the service that was meant, or remove the rule' : `write host: ${meant.startsWith('*') ? `'${meant}'` : meant}`,
      };
    }
  },
};

interface Mistake {
  readonly because: string;
  /** The host that was probably meant. */
  readonly meant?: string;
}

/** Name, namespace, and how much of the domain a host that looks like a Service's has. */
const PARTS = /^([^.]+)\.([^.]+)(\.svc(?:\.cluster\.local)?)?$/;

function mistakeIn(evidence: Evidence, written: string, host: string): Mistake | undefined {
  const { registry } = evidence.mesh;
  if (registry.byHost.has(host)) return undefined;
  const around = isWildcard(host) ? undefined : registry.services.find((service) => isWildcard(service.host) && isWithin(host, service.host));
  if (around) return { because: `${workloadText(around.object)} is for ${around.host}, and a rule holds for the host of a service, not for the name called`, meant: around.host };
  const [, name, namespace, domain] = PARTS.exec(host) ?? [];
  const known = name === undefined ? [] : evidence.servicesIn(namespace).filter((service) => service.registry === 'Kubernetes');
  if (known.length === 0 || (isWildcard(host) && registry.services.some((service) => isWithin(service.host, host)))) return undefined;
  if (domain !== `.svc.${CLUSTER_DOMAIN}`) return literal(written, name, namespace, known);
  return { because: `namespace ${namespace} has no Service ${name}`, meant: similar(evidence, written, name, known) };
}

function literal(written: string, name: string, namespace: string, known: readonly Service[]): Mistake {
  const exists = name === '*' || known.some((service) => service.name === name);
  return {
    because: `istiod takes a host with a dot literally, and no service is called ${written}`
      + `${exists ? '' : `, nor has namespace ${namespace} a Service ${name}`}`,
    meant: exists ? serviceHost(name, namespace) : undefined,
  };
}

/** A Service of the same name elsewhere, if the namespace wasn't written; else one whose name is much alike. */
function similar({ mesh: { registry } }: Evidence, written: string, name: string, known: readonly Service[]): string | undefined {
  const elsewhere = written === name ? registry.services.find((service) => service.registry === 'Kubernetes' && service.name === name) : undefined;
  if (elsewhere) return elsewhere.host;
  const alike = nearest(name, known.map((service) => service.name));
  return known.find((service) => service.name === alike)?.host;
}
