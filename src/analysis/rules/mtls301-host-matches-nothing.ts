import { shown } from '../../findings/safe-text';
import { Evidence } from '../evidence';
import { MistakenHost, mistakenHost } from '../mistaken-host';
import { setting } from '../remedies';
import { Rule } from '../rule';
import { elsewhereFix } from '../texts';

export const hostMatchesNothing: Rule = {
  code: 'MTLS301',
  name: 'host-matches-nothing',
  severity: 'warning',
  title: 'The host of a DestinationRule matches no service',
  reads: ['DestinationRule'],
  * find(evidence: Evidence) {
    for (const { object, host: full, hostText: host } of evidence.destinationRules) {
      const mistake = host === undefined ? undefined : mistakenHost(evidence, host, full);
      if (mistake === undefined) continue;
      const { meant, because, isSame, elsewhere } = mistake;
      yield {
        object,
        field: ['spec', 'host'],
        ...elsewhere !== undefined && { severity: 'info' as const },
        actual: shown(host),
        expected: meant === undefined ? 'the host of a service' : shown(meant),
        because: `${because}, so the rule has no effect${elsewhere === undefined ? '' : ' on anything here'}`,
        fix: fixOf(mistake),
        remedies: isSame ? [setting(object, ['spec', 'host'], meant)] : [],
      };
    }
  },
};

function fixOf({ meant, full, unless, elsewhere }: MistakenHost): string {
  if (elsewhere !== undefined) return elsewhereFix('host', 'the Service is', elsewhere);
  if (meant === undefined) return `write the full host of the intended service, such as ${full}`;
  return `write host: ${meant.startsWith('*') ? `'${meant}'` : meant}${unless === undefined ? '' : `, unless ${unless}`}`;
}
