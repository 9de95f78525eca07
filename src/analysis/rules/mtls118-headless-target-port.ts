import { connectable, isHeadless, portOf, Service, targetPortAt } from '../../mesh/services/service';
import { Evidence, strictServersBehind } from '../evidence';
import { Rule } from '../rule';
import { portText } from '../texts';

export const headlessTargetPort: Rule = {
  code: 'MTLS118',
  name: 'headless-target-port',
  severity: 'warning',
  title: 'A headless Service\'s port differs from its target port',
  reads: ['Service'],
  * find(evidence: Evidence) {
    for (const service of evidence.mesh.registry.services.filter(isHeadless)) {
      for (const port of connectable(service)) {
        const strict = strictServersBehind(evidence, service, port.number).find(({ number }) => number !== port.number);
        if (!strict || isListenedOn(evidence, service, strict.number)) continue;
        const { number, workload, receiver } = strict;
        yield {
          ...targetPortAt(service, port.number),
          actual: String(port.target),
          expected: `${port.number}, because ports of a headless Service aren't translated`,
          because: `the clients' sidecars don't know port ${number} of its pods and pass calls to it through in plaintext, `
            + `but ${portText(workload, number, receiver)}`,
          fix: `set port to ${number}`,
        };
      }
    }
  },
};

/** Whether clients have a listener for the pods' port because of another port of a headless Service. */
function isListenedOn(evidence: Evidence, { namespace }: Service, number: number): boolean {
  return evidence.servicesIn(namespace).some((service) => isHeadless(service) && portOf(service, number) !== undefined);
}
