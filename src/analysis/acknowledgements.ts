import { Claim, claimsOf } from './acknowledgement-claims';
import { expiredFinding, uselessFinding } from './acknowledgement-faults';
import { MeshFinding } from './mesh-finding';
import { Acknowledgement, isComplete, isExpired, speaksOf } from '../findings/acknowledgement';
import { CalendarDate } from '../findings/calendar-date';
import { FieldPath } from '../findings/field-path';
import { grouped } from '../mesh/grouped';
import { Inventory } from '../mesh/objects/inventory';
import { ObjectName } from '../mesh/objects/object-id';

/** A finding that somebody acknowledged. */
export interface Acknowledged extends Pick<Acknowledgement, 'reason' | 'owner' | 'expires'> {
  readonly finding: MeshFinding;
  readonly by: Claim['by'];
  /** Where it is said: in the object, or among the run's acknowledgements. */
  readonly saidAt: FieldPath;
}

/**
 * Sorts findings into those that somebody acknowledged and the others. An acknowledgement that is of no use, or has
 * expired, becomes one of the others.
 */
export function sorted(findings: readonly MeshFinding[], objects: Inventory, ofRun: readonly Acknowledgement[], today: CalendarDate): {
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

function acknowledgedBy({ acknowledgement: { reason, owner, expires }, by, field: saidAt }: Claim, finding: MeshFinding): Acknowledged {
  return { finding, reason, owner, expires, by, saidAt };
}

const NONE: readonly Claim[] = Object.freeze([]);

function claimKey(code: string, { kind, namespace, name }: ObjectName): string {
  return [code, kind, namespace, name].join('\n');
}

class Claims {
  /** Those of objects by code and name; those of a run may speak of any name. */
  private readonly ofObjects: ReadonlyMap<string, readonly Claim[]>;
  private readonly ofRun: ReadonlyMap<string, readonly Claim[]>;
  /** What was found for findings of a code and an object. */
  private readonly known = new Map<string, Claim | undefined>();
  private readonly used = new Set<Claim>();

  constructor(private readonly all: readonly Claim[], private readonly today: CalendarDate) {
    this.ofObjects = grouped(all.filter(({ object }) => object), ({ acknowledgement: { code }, object }) => claimKey(code, object!));
    this.ofRun = grouped(all.filter(({ object }) => !object), ({ acknowledgement }) => acknowledgement.code);
  }

  /** The acknowledgement that counts for a finding; every one that speaks of it is of use. */
  claim({ code, object }: MeshFinding): Claim | undefined {
    const key = claimKey(code, object);
    if (!this.known.has(key)) this.known.set(key, this.find(key, code, object));
    return this.known.get(key);
  }

  private find(key: string, code: string, object: MeshFinding['object']): Claim | undefined {
    const ofRun = (this.ofRun.get(code) ?? NONE).filter(({ acknowledgement }) => speaksOf(acknowledgement, code, object));
    const speaking = [...this.ofObjects.get(key) ?? NONE, ...ofRun];
    const found = speaking.filter(({ acknowledgement }) => isComplete(acknowledgement));
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
