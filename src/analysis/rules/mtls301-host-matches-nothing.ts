import { shown } from '../../findings/safe-text';
import { Evidence } from '../evidence';
import { mistakenHost } from '../mistaken-host';
import { setting } from '../remedies';
import { Rule } from '../rule';

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
      const { meant, because, isSame, unless } = mistake;
      yield {
        object,
        field: ['spec', 'host'],
        actual: shown(host),
        expected: meant === undefined ? 'the host of a service' : shown(meant),
        because: `${because}, so the rule has no effect`,
        fix: meant === undefined ? 'write the full host of the intended service, or remove the rule'
          : `write host: ${meant.startsWith('*') ? `'${meant}'` : meant}${unless === undefined ? '' : `, unless ${unless}`}`,
        remedies: isSame ? [setting(object, ['spec', 'host'], meant)] : [],
      };
    }
  },
};
