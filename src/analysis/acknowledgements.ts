import { MeshFinding } from './mesh-finding';
import { RuleSummary } from './rule';
import { RULES } from './rules';
import {
  ACKNOWLEDGE_DETAILS, ACKNOWLEDGE_PREFIX, CALL_WARNINGS, StatedAcknowledgement, acknowledgementText, CalendarDate, isCalendarDate,
  isComplete, isExpired, speaksOf,
} from '../findings/acknowledgement';
import { FieldPath, Finding } from '../findings/finding';
import { shown } from '../findings/safe-text';
import { objectTwice } from './rules/mtls601-object-twice';
import { Mapping, mapping, text as textOf } from '../manifests/mapping';
import { grouped } from '../mesh/collections';
import { Inventory } from '../mesh/inventory/inventory';
import { MeshObject, nameOf, ObjectName } from '../mesh/inventory/object';

/** A finding that somebody acknowledged. */
export interface Acknowledged extends Pick<StatedAcknowledgement, 'reason' | 'owner' | 'expires'> {
  readonly finding: MeshFinding;
  readonly by: Claim['by'];
  /** Its field: in the object, or among the run's acknowledgements. */
  readonly saidAt: FieldPath;
}

/**
 * Separates acknowledged findings from the others. A useless or expired acknowledgement becomes a finding itself, except for one of
 * a warning that only the synth of an app gives.
 */
export function sorted(
  findings: readonly MeshFinding[], objects: Inventory, ofRun: readonly StatedAcknowledgement[], today: CalendarDate,
): {
    readonly open: readonly MeshFinding[]; readonly acknowledged: readonly Acknowledged[];
  } {
  const all = claimsOf(objects, ofRun).filter(({ acknowledgement: { code } }) => !CALL_WARNINGS.includes(code));
  const claims = new Claims(all, today);
  const open: MeshFinding[] = [];
  const acknowledged: Acknowledged[] = [];
  for (const finding of findings) {
    const claim = claims.claim(finding);
    if (claim) acknowledged.push(acknowledgedBy(claim, finding));
    else open.push(finding);
  }
  return { open: [...open, ...claims.faults()], acknowledged };
}

/** The acknowledgements of warnings with some codes. */
export function acknowledgementsOf(
  codes: readonly string[], objects: Inventory, ofRun: readonly StatedAcknowledgement[], today: CalendarDate,
): Claims {
  return new Claims(claimsOf(objects, ofRun).filter(({ acknowledgement: { code } }) => codes.includes(code)), today);
}

function acknowledgedBy({ acknowledgement: { reason, owner, expires }, by, field: saidAt }: Claim, finding: MeshFinding): Acknowledged {
  return { finding, reason, owner, expires, by, saidAt };
}

const NONE: readonly Claim[] = Object.freeze([]);

function claimKey(code: string, { kind, namespace, name }: ObjectName): string {
  return [code, kind, namespace, name].join('\n');
}

/** Acknowledgements, and whether they match anything. */
export class Claims {
  /** Acknowledgements of objects by code and name; those of a run may apply to any name. */
  private readonly ofObjects: ReadonlyMap<string, readonly Claim[]>;
  private readonly ofRun: ReadonlyMap<string, readonly Claim[]>;
  /** The acknowledgements for findings with a code on an object. */
  private readonly known = new Map<string, Claim | undefined>();
  private readonly used = new Set<Claim>();

  constructor(private readonly all: readonly Claim[], private readonly today: CalendarDate) {
    this.ofObjects = grouped(all.filter(({ object }) => object), ({ acknowledgement: { code }, object }) => claimKey(code, object!));
    this.ofRun = grouped(all.filter(({ object }) => !object), ({ acknowledgement }) => acknowledgement.code);
  }

  /** The acknowledgement that applies to a finding; every matching one counts as used. */
  claim({ code, object }: Pick<MeshFinding, 'code' | 'object'>): Claim | undefined {
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

  /** Those that match nothing or have expired. */
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

/** An acknowledgement, with what is needed to report its faults. */
interface Claim {
  readonly acknowledgement: StatedAcknowledgement;
  /** `annotation`: in the object itself; `run`: given by the caller of the analysis. */
  readonly by: 'annotation' | 'run';
  /** The object that carries it. */
  readonly object?: MeshObject;
  /** Its field: in the object, or among the run's acknowledgements. */
  readonly field: FieldPath;
}

/** The acknowledgements in objects' annotations, then those of a run. */
function claimsOf(objects: Inventory, ofRun: readonly StatedAcknowledgement[]): readonly Claim[] {
  return [
    ...[...objects.all(), ...objects.caObjects.all].flatMap(annotationClaims),
    ...objects.replaced.flatMap(({ object }) => replacedClaims(object)),
    ...ofRun.map((acknowledgement, index): Claim => ({ acknowledgement, by: 'run', field: ['acknowledgements', index] })),
  ];
}

/**
 * Reads the source's own annotations: the model drops annotations without a text value,
 * but an acknowledgement without a value is reported because it has no reason.
 */
function annotationClaims(object: MeshObject): readonly Claim[] {
  const annotations = mapping(mapping((object.source as Mapping).metadata).annotations);
  const keys = Object.keys(annotations);
  return keys.length === 0 ? NONE : codesOf(keys).map((code) => claimOf(object, code, annotations));
}

/** The codes that annotations name; a code with only an owner or a date lacks its reason. */
function codesOf(keys: readonly string[]): string[] {
  const named = keys.filter((key) => key.startsWith(ACKNOWLEDGE_PREFIX)).map((key) => key.slice(ACKNOWLEDGE_PREFIX.length));
  return [...new Set(named.map((name) => DETAIL.exec(name)?.[1] ?? name))].sort();
}

const DETAIL = new RegExp(`^(.+)\\.(?:${ACKNOWLEDGE_DETAILS.join('|')})$`);

function claimOf(object: MeshObject, code: string, annotations: Mapping): Claim {
  const key = ACKNOWLEDGE_PREFIX + code;
  const detail = (name: typeof ACKNOWLEDGE_DETAILS[number]): string | undefined => (
    Object.hasOwn(annotations, `${key}.${name}`) ? textOf(annotations[`${key}.${name}`]) ?? '' : undefined);
  const reason = Object.hasOwn(annotations, key) ? textOf(annotations[key]) ?? '' : '';
  const said = [key, ...ACKNOWLEDGE_DETAILS.map((name) => `${key}.${name}`)].find((name) => Object.hasOwn(annotations, name))!;
  return {
    acknowledgement: { ...nameOf(object), code, reason, owner: detail('owner'), expires: detail('expires') },
    by: 'annotation',
    object,
    field: ['metadata', 'annotations', said],
  };
}

/** The acknowledgements of a replaced manifest apply only to its own findings. */
function replacedClaims(object: MeshObject): readonly Claim[] {
  return annotationClaims(object).filter(({ acknowledgement: { code } }) => code === objectTwice.code);
}

export const uselessAcknowledgement: RuleSummary = {
  code: 'MTLS901',
  name: 'useless-acknowledgement',
  severity: 'warning',
  title: 'An acknowledgement matches no finding or lacks a reason or a valid date',
};

export const expiredAcknowledgement: RuleSummary = {
  code: 'MTLS902',
  name: 'expired-acknowledgement',
  severity: 'warning',
  title: 'An acknowledgement has expired',
};

type Fault = Pick<Finding, 'actual' | 'expected' | 'because' | 'fix'>;

/** An acknowledgement that acknowledges nothing, and why. */
function uselessFinding(claim: Claim): MeshFinding {
  return findingOf(claim, uselessAcknowledgement, uselessFault(claim.acknowledgement));
}

/** An acknowledgement whose findings are reported again. */
function expiredFinding(claim: Claim): MeshFinding {
  const { owner, expires } = claim.acknowledgement;
  return findingOf(claim, expiredAcknowledgement, {
    actual: 'an acknowledgement of '
      + `${acknowledgementText(claim.acknowledgement)}${owner ? ` by ${owner}` : ''} that expired after ${expires}`,
    expected: 'one that is still valid',
    because: 'the acknowledged finding is reported again',
    fix: 'fix the finding and delete the acknowledgement, or agree on a later date',
  });
}

/** Reported on the object with the acknowledgement, or on the run's acknowledgement: that is what must be edited. */
function findingOf({ acknowledgement, object, field }: Claim, { code, severity }: RuleSummary, fault: Fault): MeshFinding {
  const own = { kind: 'Acknowledgement', namespace: '', name: acknowledgementText(acknowledgement) };
  return { code, severity, object: object ? nameOf(object) : own, source: object?.source, field, ...fault };
}

function uselessFault(acknowledgement: StatedAcknowledgement): Fault {
  const { code, reason, expires } = acknowledgement;
  if (!RULES.some((rule) => rule.code === code) && !CALL_WARNINGS.includes(code)) return unknownCode(code);
  if (reason.trim() === '') {
    return {
      actual: 'an acknowledgement without a reason',
      expected: 'a reason',
      because: 'the next reader must know why the finding is accepted',
      fix: 'say why',
    };
  }
  if (expires !== undefined && !isCalendarDate(expires)) {
    return {
      actual: `an acknowledgement that expires on ${shown(expires)}`,
      expected: 'a date such as 2027-03-31',
      because: 'otherwise its expiry is unknown',
      fix: 'write its last day as YYYY-MM-DD',
    };
  }
  return {
    actual: `an acknowledgement of ${acknowledgementText(acknowledgement)}`,
    expected: 'a finding that it matches',
    because: 'there is none',
    fix: 'delete it',
  };
}

function unknownCode(code: string): Fault {
  const said = { actual: `an acknowledgement of ${code}`, expected: 'the code of a finding' };
  if (/^ADMIT\d/i.test(code)) {
    return {
      ...said,
      because: 'an object that the API server rejects never reaches the mesh',
      fix: 'fix the object and delete the acknowledgement',
    };
  }
  if ([uselessAcknowledgement, expiredAcknowledgement].some((rule) => rule.code === code)) {
    return { ...said, because: 'a useless acknowledgement would hide the next mistake', fix: 'delete it and the useless one' };
  }
  const meant = RULES.find((rule) => rule.code === code.toUpperCase());
  return { ...said, because: 'no rule has this code', fix: meant ? `write ${meant.code}` : 'correct the code, or delete it' };
}
