import { certificateText } from './ca-fault';
import { Fault } from './ca-secret';
import { hasSameRoots, PublicCa } from './trusted-roots';

/** The stages of a rotation, in order; each is safe to stay in. */
export const ROTATION_STAGES = ['trust-both', 'sign-with-new', 'trust-new'] as const;

export type RotationStage = typeof ROTATION_STAGES[number];

/** From one CA to another. */
export interface CaRotation {
  /** `self-signed`: istiod made the old one itself, in Secret `istio-ca-secret`. */
  readonly start: 'self-signed' | 'plugged';
  /** Both CAs are plugged in below the same roots: nobody has to trust anything new. */
  readonly isSameRoot: boolean;
}

/** The stages that a rotation has: below the same roots there is none to trust alone. */
export function stagesOf({ isSameRoot }: Pick<CaRotation, 'isSameRoot'>): readonly RotationStage[] {
  return isSameRoot ? ROTATION_STAGES.slice(0, 2) : ROTATION_STAGES;
}

/** Why there is nothing to rotate from one CA to another. */
export function sameCaFault(field: string, from: PublicCa, to: PublicCa): Fault | undefined {
  const isOne = from.own !== undefined && from.own.fingerprint === to.own?.fingerprint;
  if (!isOne) return undefined;
  return {
    code: 'MTLS057',
    field,
    actual: `${certificateText(to.own!)}, the certificate that istiod signs with already`,
    expected: 'another CA',
    because: 'old and new are one',
    fix: 'pass the new CA',
  };
}

/** What kind of rotation leads from one CA to another. */
export function rotationOf(start: CaRotation['start'], from: PublicCa | undefined, to: PublicCa): CaRotation {
  return { start, isSameRoot: start === 'plugged' && from !== undefined && hasSameRoots(from, to) };
}

/** Why a stage can't be entered; undefined: it can. */
export function stageFault(stage: RotationStage, previous: RotationStage | undefined, rotation: CaRotation): Fault | undefined {
  const stages = stagesOf(rotation);
  const index = stages.indexOf(stage);
  if (index < 0) {
    return {
      code: 'MTLS059',
      field: 'stage',
      actual: `'${stage}'`,
      expected: `one of ${stages.join(', ')}`,
      because: 'both CAs have the same roots, so there is none to stop trusting',
      fix: `end with '${stages[stages.length - 1]}', and put a CustomCa with the new source in its place`,
    };
  }
  const before = previous === undefined ? index : stages.indexOf(previous);
  if (Math.abs(before - index) <= 1 && before >= 0) return undefined;
  const between = stages[1];
  return {
    code: 'MTLS056',
    field: 'stage',
    actual: `'${stage}' after '${previous}'`,
    expected: `'${between}' between the two`,
    because: 'proxies that trust the new CA only would meet certificates of the old one, and reject them',
    fix: `make stage '${between}' first, and wait until every proxy has what it brings`,
  };
}
