import { lacksMeshMode } from './assumptions';
import { JudgedMesh, Mesh } from '../mesh/mesh';

/**
 * How many more connections break if the mesh is STRICT, where no mesh-wide PeerAuthentication is shown and PERMISSIVE is taken for
 * granted; undefined: none does, or the manifests show the mode wherever it matters.
 *
 * @param mesh the mesh that is judged, or that after the judged change
 */
export function brokenIfStrict(judged: JudgedMesh, mesh: Mesh): number | undefined {
  if (!lacksMeshMode(mesh)) return undefined;
  const [now, strict] = [judged, judged.inMode('STRICT')].map((one) => one.summary().outcomes.broken);
  return strict > now ? strict - now : undefined;
}
