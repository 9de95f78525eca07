// Who is measured: Istio's own programs, built from the module that the referees are built from, and ours.
import { join } from 'node:path';
import { goBinary } from '../node/go-binary';

export const OURS = join(__dirname, '../../bin/istio-mtls');

/** Without -A, `istioctl analyze` tells of namespace default only. */
export const ANALYZE = ['analyze', '-A', '--use-kube=false'];

export type Program = 'istioctl analyze' | 'istio-mtls check' | 'istioctl validate' | 'istio-mtls validate';

/** The command of each, before the file. */
export function programs(): Readonly<Record<Program, readonly string[]>> {
  const istioctl = goBinary('istioctl');
  return {
    'istioctl analyze': [istioctl, ...ANALYZE],
    'istio-mtls check': [process.execPath, OURS, 'check'],
    'istioctl validate': [istioctl, 'validate', '-f'],
    'istio-mtls validate': [process.execPath, OURS, 'validate'],
  };
}

export interface Rivals {
  readonly ours: Program;
  readonly theirs: Program;
  readonly bound?: number;
}

/** What each of ours may cost at most beside Istio's, in time, at 11,000 resources; undefined where nothing was promised. */
export const RIVALS: readonly Rivals[] = [
  { ours: 'istio-mtls check', theirs: 'istioctl analyze', bound: 0.5 },
  { ours: 'istio-mtls validate', theirs: 'istioctl validate' },
];
