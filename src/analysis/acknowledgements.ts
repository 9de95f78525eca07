import { Claim, claimsOf } from './acknowledgement-claims';
import { expiredFinding, uselessFinding } from './acknowledgement-faults';
import { MeshFinding } from './mesh-finding';
import { Acknowledgement, isComplete, isExpired, speaksOf } from '../findings/acknowledgement';
import { CalendarDate } from '../findings/calendar-date';
import { grouped } from '../mesh/grouped';
import { Objects } from '../mesh/objects/objects';

/** A finding that somebody acknowledged. */
export interface Acknowledged extends Pick<Acknowledgement, 'reason' | 'owner' | 'expires'> {
  readonly finding: MeshFinding;
  readonly by: Claim['by'];
}

/**
 * Sorts findings into those that somebody acknowledged and the others. An acknowledgement that is of no use, or has
 * expired, becomes one of the others.
 */
export function sorted(findings: readonly MeshFinding[], objects: Objects, ofRun: readonly Acknowledgement[], today: CalendarDate): {
  readonly open: readonly MeshFinding[]; readonly acknowledged: readonly Acknowledged[];
} {
  const claims = new Claims(claimsOf(objects, ofRun), today);
  const open: MeshFinding[] = [];
  const acknowledged: Acknowledged[] = [];
  for (const finding of findings) {
    const claim = claims.claim(finding);
    if (claim) acknowledged.push(acknowledgedBy(claim, finding));
    else open.push(finding);
  }
  return { open: [...open, ...claims.faults()], acknowledged };
}

function acknowledgedBy({ acknowledgement: { reason, owner, expires }, by }: Claim, finding: MeshFinding): Acknowledged {
  return { finding, reason, owner, expires, by };
}

class Claims {
  private readonly byCode: ReadonlyMap<string, readonly Claim[]>;
  private readonly used = new Set<Claim>();

  constructor(private readonly all: readonly Claim[], private readonly today: CalendarDate) {
    this.byCode = grouped(all, ({ acknowledgement }) => acknowledgement.code);
  }

  /** The acknowledgement that counts for a finding; every one that speaks of it is of use. */
  claim({ code, object }: MeshFinding): Claim | undefined {
    const ofCode = this.byCode.get(code) ?? [];
    const found = ofCode.filter(({ acknowledgement }) => isComplete(acknowledgement) && speaksOf(acknowledgement, code, object));
    for (const claim of found) this.used.add(claim);
    return found.find((claim) => !this.isExpired(claim));
  }

  faults(): MeshFinding[] {
    return this.all.flatMap((claim) => {
      if (!this.used.has(claim)) return [uselessFinding(claim)];
      return this.isExpired(claim) ? [expiredFinding(claim)] : [];
    });
  }

  private isExpired({ acknowledgement }: Claim): boolean {
    return isExpired(acknowledgement, this.today);
  }
}
