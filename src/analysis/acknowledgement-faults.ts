import { Claim } from './acknowledgement-claims';
import { MeshFinding } from './mesh-finding';
import { RuleSummary } from './rule';
import { RULES } from './rules';
import { Acknowledgement, acknowledgementText } from '../findings/acknowledgement';
import { isCalendarDate } from '../findings/calendar-date';
import { Finding } from '../findings/finding';
import { shown } from '../findings/shown';
import { nameOf } from '../mesh/objects/object-id';

export const uselessAcknowledgement: RuleSummary = {
  code: 'MTLS901',
  name: 'useless-acknowledgement',
  severity: 'warning',
  title: 'An acknowledgement matches no finding, or lacks a reason or a valid date',
};

export const expiredAcknowledgement: RuleSummary = {
  code: 'MTLS902',
  name: 'expired-acknowledgement',
  severity: 'warning',
  title: 'An acknowledgement has expired',
};

type Fault = Pick<Finding, 'actual' | 'expected' | 'because' | 'fix'>;

/** An acknowledgement that acknowledges nothing, and why. */
export function uselessFinding(claim: Claim): MeshFinding {
  return findingOf(claim, uselessAcknowledgement, uselessFault(claim.acknowledgement));
}

/** An acknowledgement whose findings count again. */
export function expiredFinding(claim: Claim): MeshFinding {
  const { owner, expires } = claim.acknowledgement;
  return findingOf(claim, expiredAcknowledgement, {
    actual: `an acknowledgement of ${acknowledgementText(claim.acknowledgement)}${owner ? ` by ${owner}` : ''} that expired after ${expires}`,
    expected: 'one that still counts',
    because: 'what it acknowledged is reported again',
    fix: 'mend the finding and delete the acknowledgement, or agree on a later date',
  });
}

/** Of the object that carries the acknowledgement, or of the acknowledgement itself: it is what must be edited. */
function findingOf({ acknowledgement, object, field }: Claim, { code, severity }: RuleSummary, fault: Fault): MeshFinding {
  const own = { kind: 'Acknowledgement', namespace: '', name: acknowledgementText(acknowledgement) };
  return { code, severity, object: object ? nameOf(object) : own, source: object?.source, field, ...fault };
}

function uselessFault(acknowledgement: Acknowledgement): Fault {
  const { code, reason, expires } = acknowledgement;
  if (!RULES.some((rule) => rule.code === code)) return unknownCode(code);
  if (reason.trim() === '') {
    return { actual: 'an acknowledgement without a reason', expected: 'a reason', because: 'the next reader must know why the finding stays', fix: 'say why' };
  }
  if (expires !== undefined && !isCalendarDate(expires)) {
    return {
      actual: `an acknowledgement that expires on ${shown(expires)}`, expected: 'a date such as 2027-03-31', because: 'nobody knows how long it counts', fix: 'write the last day on which it counts, as YYYY-MM-DD',
    };
  }
  return { actual: `an acknowledgement of ${acknowledgementText(acknowledgement)}`, expected: 'a finding that it speaks of', because: 'there is none', fix: 'delete it' };
}

function unknownCode(code: string): Fault {
  const said = { actual: `an acknowledgement of ${code}`, expected: 'the code of a finding' };
  if (/^ADMIT\d/i.test(code)) return { ...said, because: 'what an API server refuses never gets into a mesh', fix: 'mend the object, and delete the acknowledgement' };
  if ([uselessAcknowledgement, expiredAcknowledgement].some((rule) => rule.code === code)) {
    return { ...said, because: 'an acknowledgement of no use would hide the next mistake', fix: 'delete it, and the one that is of no use' };
  }
  const meant = RULES.find((rule) => rule.code === code.toUpperCase());
  return { ...said, because: 'no rule has this code', fix: meant ? `write ${meant.code}` : 'correct the code, or delete it' };
}
