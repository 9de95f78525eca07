import { MeshFinding } from './mesh-finding';
import { RuleSummary } from './rule';
import { RULES } from './rules';
import { ACKNOWLEDGE_PREFIX, Acknowledgement, acknowledgementText, speaksOf } from '../findings/acknowledgement';
import { Finding } from '../findings/finding';
import { nameOf, MeshObject } from '../mesh/objects/mesh-object';

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
}

/** Sorts findings into those that somebody acknowledged and the others; an acknowledgement that is of no use becomes one of the others. */
export function sorted(findings: readonly MeshFinding[], objects: Iterable<MeshObject>, ofRun: readonly Acknowledgement[]): {
  readonly open: readonly MeshFinding[]; readonly acknowledged: readonly Acknowledged[];
} {
  const claims = new Claims([...objects].flatMap(annotationClaims), ofRun.map((acknowledgement) => ({ acknowledgement, by: 'run' })));
  const open: MeshFinding[] = [];
  const acknowledged: Acknowledged[] = [];
  for (const finding of findings) {
    const claim = claims.claim(finding);
    if (claim) acknowledged.push({ finding, reason: claim.acknowledgement.reason, by: claim.by });
    else open.push(finding);
  }
  return { open: [...open, ...claims.useless()], acknowledged };
}

class Claims {
  private readonly byCode = new Map<string, Claim[]>();
  private readonly used = new Set<Claim>();
  private readonly all: readonly Claim[];

  constructor(ofObjects: readonly Claim[], ofRun: readonly Claim[]) {
    this.all = [...ofObjects, ...ofRun];
    for (const claim of this.all) {
      const { code } = claim.acknowledgement;
      this.byCode.set(code, [...this.byCode.get(code) ?? [], claim]);
    }
  }

  /** The acknowledgement that speaks of a finding; every one that does is of use. */
  claim({ code, object }: MeshFinding): Claim | undefined {
    const found = (this.byCode.get(code) ?? []).filter(({ acknowledgement }) => acknowledgement.reason.trim() !== '' && speaksOf(acknowledgement, code, object));
    for (const claim of found) this.used.add(claim);
    return found[0];
  }

  useless(): MeshFinding[] {
    return this.all.filter((claim) => !this.used.has(claim)).map(uselessFinding);
  }
}

function annotationClaims(object: MeshObject): Claim[] {
  return Object.keys(object.annotations).filter((key) => key.startsWith(ACKNOWLEDGE_PREFIX)).sort().map((key) => ({
    acknowledgement: { ...nameOf(object), code: key.slice(ACKNOWLEDGE_PREFIX.length), reason: object.annotations[key] }, by: 'annotation', object,
  }));
}

function uselessFinding({ acknowledgement, object }: Claim): MeshFinding {
  const { code, kind = '*', namespace = '*', name = '*', reason } = acknowledgement;
  return {
    code: uselessAcknowledgement.code,
    severity: uselessAcknowledgement.severity,
    object: object ? nameOf(object) : { kind, namespace, name },
    source: object?.source,
    field: object ? ['metadata', 'annotations', ACKNOWLEDGE_PREFIX + code] : [],
    ...fault(code, reason, acknowledgementText(acknowledgement)),
  };
}

function fault(code: string, reason: string, text: string): Pick<Finding, 'actual' | 'expected' | 'because' | 'fix'> {
  if (!RULES.some((rule) => rule.code === code)) {
    return { actual: `an acknowledgement of ${code}`, expected: 'the code of a finding', because: 'no rule has this code', fix: 'correct the code, or delete it' };
  }
  if (reason.trim() === '') {
    return { actual: 'an acknowledgement without a reason', expected: 'a reason', because: 'the next reader must know why the finding stays', fix: 'say why' };
  }
  return { actual: `an acknowledgement of ${text}`, expected: 'a finding that it speaks of', because: 'there is none', fix: 'delete it' };
}
