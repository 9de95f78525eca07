// Who is measured: Istio's own programs, built from the module that the referees are built from, and ours.
import { fileURLToPath } from 'node:url';
import { goBinary } from '../node/go-binary.mjs';

export const OURS = fileURLToPath(new URL('../../bin/istio-mtls', import.meta.url));

/** Without -A, `istioctl analyze` tells of namespace default only. */
export const ANALYZE = ['analyze', '-A', '--use-kube=false'];

/** The command of each, before the file. */
export function programs() {
  const istioctl = goBinary('istioctl');
  return {
    'istioctl analyze': [istioctl, ...ANALYZE],
    'istio-mtls check': [process.execPath, OURS, 'check'],
    'istioctl validate': [istioctl, 'validate', '-f'],
    'istio-mtls validate': [process.execPath, OURS, 'validate'],
  };
}

/** What each of ours may cost at most beside Istio's, in time, at 11,000 resources; undefined where nothing was promised. */
export const RIVALS = [
  { ours: 'istio-mtls check', theirs: 'istioctl analyze', bound: 0.5 },
  { ours: 'istio-mtls validate', theirs: 'istioctl validate' },
];
