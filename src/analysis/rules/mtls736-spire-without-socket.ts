import { shown } from '../../findings/safe-text';
import { injectorTemplates, missingTemplates, templatesWithoutSocket } from '../../mesh/certificates/spire';
import { objectText } from '../../mesh/inventory/object';
import { Evidence } from '../evidence';
import { podField } from '../fields';
import { Rule } from '../rule';

export const spireWithoutSocket: Rule = {
  code: 'MTLS736',
  name: 'spire-without-socket',
  severity: 'warning',
  title: 'Sidecars should get certificates from SPIRE but lack its socket',
  reads: ['ConfigMap', 'workload'],
  * find({ mesh }: Evidence) {
    const injectors = injectorTemplates(mesh);
    for (const { name, at } of templatesWithoutSocket(injectors)) {
      yield {
        ...at,
        actual: `template ${shown(name)} without a volume workload-socket`,
        expected: 'that volume, with the SPIRE agent\'s socket',
        because: 'a sidecar looks for the socket only there; without it, the sidecar gets its certificate from the configured CA',
        fix: 'add to the template a volume workload-socket with csi.driver csi.spiffe.io and readOnly: true',
      };
    }
    for (const { workload, template, annotation, injector } of missingTemplates(mesh, injectors)) {
      yield {
        ...podField(workload, 'metadata', 'annotations', annotation),
        severity: 'error',
        actual: shown(workload.annotations[annotation]),
        expected: 'only templates of the injector',
        because: `${objectText(injector)} has no template ${shown(template)}: the injector rejects the pods, and none is created`,
        fix: `add the template to sidecarInjectorWebhook.templates, or remove ${shown(template)} here`,
      };
    }
  },
};
