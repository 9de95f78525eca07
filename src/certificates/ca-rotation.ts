import { certificateText } from './ca-fault';
import { CertificateFault } from './ca-secret';
import { hasSameRoots, PublicCa } from './trusted-roots';

/** The stages of a rotation, in order. A mesh can safely stay in any of them. */
const ROTATION_STAGES = ['trust-both', 'sign-with-new', 'trust-new'] as const;

export type RotationStage = typeof ROTATION_STAGES[number];

/** A rotation from one CA to another. */
export interface CaTransition {
  /** `self-signed`: istiod generated the old CA itself, in Secret `istio-ca-secret`. */
  readonly start: 'self-signed' | 'plugged';
  /** Both CAs are plugged in and have the same roots, so nothing new must be trusted. */
  readonly isSameRoot: boolean;
}

/** The stages of a rotation: if both CAs have the same roots, the last stage doesn't exist. */
export function stagesOf({ isSameRoot }: Pick<CaTransition, 'isSameRoot'>): readonly RotationStage[] {
  return isSameRoot ? ROTATION_STAGES.slice(0, 2) : ROTATION_STAGES;
}

/** Why there is no rotation from one CA to another: they are the same. */
export function sameCaFault(field: string, from: PublicCa, to: PublicCa): CertificateFault | undefined {
  const isOne = from.own !== undefined && from.own.fingerprint === to.own?.fingerprint;
  if (!isOne) return undefined;
  return {
    code: 'API057',
    field,
    actual: `${certificateText(to.own!)}, the certificate that istiod already signs with`,
    expected: 'another CA',
    because: 'the old and the new CA are the same',
    fix: 'pass the new CA',
  };
}

/** The kind of rotation from one CA to another. */
export function rotationOf(start: CaTransition['start'], from: PublicCa | undefined, to: PublicCa): CaTransition {
  return { start, isSameRoot: start === 'plugged' && from !== undefined && hasSameRoots(from, to) };
}

/** Why a stage can't follow another; undefined if it can. */
export function stageFault(
  stage: RotationStage, previous: RotationStage | undefined, rotation: CaTransition,
): CertificateFault | undefined {
  const stages = stagesOf(rotation);
  const index = stages.indexOf(stage);
  if (index < 0) {
    return {
      code: 'API059',
      field: 'stage',
      actual: `'${stage}'`,
      expected: `one of ${stages.join(', ')}`,
      because: 'both CAs have the same roots, so there is none to stop trusting',
      fix: `end with '${stages[stages.length - 1]}', then replace it with a CustomCa with the new source`,
    };
  }
  const before = previous === undefined ? index : stages.indexOf(previous);
  if (Math.abs(before - index) <= 1 && before >= 0) return undefined;
  const between = stages[1];
  return {
    code: 'API056',
    field: 'stage',
    actual: `'${stage}' after '${previous}'`,
    expected: `'${between}' between the two`,
    because: 'proxies that trust only one of the two CAs would reject certificates of the other',
    fix: `apply stage '${between}' first, and wait until every proxy has its certificates and roots`,
  };
}
