import { MeshFinding } from './mesh-finding';
import { RuleSummary } from './rule';
import { RULES } from './rules';
import { objectTwice } from './rules/mtls601-object-twice';
import { ACKNOWLEDGE_PREFIX, Acknowledgement, acknowledgementText, speaksOf } from '../findings/acknowledgement';
import { FieldPath } from '../findings/field-path';
import { Finding } from '../findings/finding';
import { grouped } from '../mesh/grouped';
import { nameOf, MeshObject, ObjectName } from '../mesh/objects/mesh-object';
import { Objects } from '../mesh/objects/objects';
import { Shape, shape, text as textOf } from '../mesh/objects/shape';

/** A finding that somebody acknowledged. */
export interface Acknowledged {
  readonly finding: MeshFinding;
  readonly reason: string;
  /** `annotation`: the object says so itself; `run`: who asked for the analysis does. */
  readonly by: 'annotation' | 'run';
}

export const uselessAcknowledgement: RuleSummary = {
  code: 'MTLS901',
  name: 'useless-acknowledgement',
  severity: 'warning',
  title: 'An acknowledgement matches no finding, or gives no reason',
};

/** An acknowledgement with what it takes to find fault with it. */
interface Claim {
  readonly acknowledgement: Acknowledgement;
  readonly by: Acknowledged['by'];
  /** The object that carries it. */
  readonly object?: MeshObject;
  /** Where it is said: in the object, or among the run's acknowledgements. */
  readonly field: FieldPath;
}

/** Sorts findings into those that somebody acknowledged and the others; an acknowledgement that is of no use becomes one of the others. */
export function sorted(findings: readonly MeshFinding[], objects: Objects, ofRun: readonly Acknowledgement[]): {
  readonly open: readonly MeshFinding[]; readonly acknowledged: readonly Acknowledged[];
} {
  const ofObjects = [...objects.all()].flatMap(annotationClaims);
  const ofReplaced = objects.replaced.flatMap(({ object }) => replacedClaims(object));
  const claims = new Claims([...ofObjects, ...ofReplaced], ofRun.map(runClaim));
  const open: MeshFinding[] = [];
  const acknowledged: Acknowledged[] = [];
  for (const finding of findings) {
    const claim = claims.claim(finding);
    if (claim) acknowledged.push({ finding, reason: claim.acknowledgement.reason, by: claim.by });
    else open.push(finding);
  }
  return { open: [...open, ...claims.useless()], acknowledged };
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
  private readonly all: readonly Claim[];

  constructor(ofObjects: readonly Claim[], ofRun: readonly Claim[]) {
    this.all = [...ofObjects, ...ofRun];
    this.ofObjects = grouped(ofObjects, ({ acknowledgement: { code }, object }) => claimKey(code, object!));
    this.ofRun = grouped(ofRun, ({ acknowledgement }) => acknowledgement.code);
  }

  /** The acknowledgement that speaks of a finding; every one that does is of use. */
  claim({ code, object }: MeshFinding): Claim | undefined {
    const key = claimKey(code, object);
    if (!this.known.has(key)) this.known.set(key, this.find(key, code, object));
    return this.known.get(key);
  }

  private find(key: string, code: string, object: MeshFinding['object']): Claim | undefined {
    const ofRun = (this.ofRun.get(code) ?? NONE).filter(({ acknowledgement }) => speaksOf(acknowledgement, code, object));
    const speaking = [...this.ofObjects.get(key) ?? NONE, ...ofRun];
    const found = speaking.filter(({ acknowledgement: { reason } }) => reason.trim() !== '');
    for (const claim of found) this.used.add(claim);
    return found[0];
  }

  useless(): MeshFinding[] {
    return this.all.filter((claim) => !this.used.has(claim)).map(uselessFinding);
  }
}

/** Of the source's own annotations: the mesh's are texts only, and one without a value is no reason, but meant as an acknowledgement. */
function annotationClaims(object: MeshObject): readonly Claim[] {
  const annotations = shape(shape((object.source as Shape).metadata).annotations);
  const keys = Object.keys(annotations);
  return keys.length === 0 ? NONE : keys.filter((key) => key.startsWith(ACKNOWLEDGE_PREFIX)).sort().map((key) => ({
    acknowledgement: { ...nameOf(object), code: key.slice(ACKNOWLEDGE_PREFIX.length), reason: textOf(annotations[key]) ?? '' },
    by: 'annotation',
    object,
    field: ['metadata', 'annotations', key],
  }));
}

/** A manifest that doesn't count speaks of itself alone. */
function replacedClaims(object: MeshObject): readonly Claim[] {
  return annotationClaims(object).filter(({ acknowledgement: { code } }) => code === objectTwice.code);
}

function runClaim(acknowledgement: Acknowledgement, index: number): Claim {
  return { acknowledgement, by: 'run', field: ['acknowledgements', index] };
}

function uselessFinding({ acknowledgement, object, field }: Claim): MeshFinding {
  const { code, kind = '*', namespace = '*', name = '*', reason } = acknowledgement;
  return {
    code: uselessAcknowledgement.code,
    severity: uselessAcknowledgement.severity,
    object: object ? nameOf(object) : { kind, namespace, name },
    source: object?.source,
    field,
    ...fault(code, reason, acknowledgementText(acknowledgement)),
  };
}

function fault(code: string, reason: string, text: string): Pick<Finding, 'actual' | 'expected' | 'because' | 'fix'> {
  if (!RULES.some((rule) => rule.code === code)) return unknownCode(code);
  if (reason.trim() === '') {
    return { actual: 'an acknowledgement without a reason', expected: 'a reason', because: 'the next reader must know why the finding stays', fix: 'say why' };
  }
  return { actual: `an acknowledgement of ${text}`, expected: 'a finding that it speaks of', because: 'there is none', fix: 'delete it' };
}

function unknownCode(code: string): Pick<Finding, 'actual' | 'expected' | 'because' | 'fix'> {
  const said = { actual: `an acknowledgement of ${code}`, expected: 'the code of a finding' };
  if (/^ADMIT\d/i.test(code)) return { ...said, because: 'what an API server refuses never gets into a mesh', fix: 'mend the object, and delete the acknowledgement' };
  if (code === uselessAcknowledgement.code) return { ...said, because: 'an acknowledgement of no use would hide the next mistake', fix: 'delete it, and the one that is of no use' };
  const meant = RULES.find((rule) => rule.code === code.toUpperCase());
  return { ...said, because: 'no rule has this code', fix: meant ? `write ${meant.code}` : 'correct the code, or delete it' };
}
