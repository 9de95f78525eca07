import { redacted } from '../../findings/safe-text';
import { Mesh } from '../../mesh/mesh';
import { MeshPlan } from '../../mesh/plan/plan';
import { Target } from '../../migration/target';
import { Note } from '../raw-sources';

/** What to do where the mesh config is in the way of a plan: no order of other objects is safe then. */
export function notesOnMeshConfig({ before, after, stages }: MeshPlan): readonly Note[] {
  const [former, latter] = [before, after].map(({ planes }) => planes.default.config);
  if (stages || former.trustDomain === latter.trustDomain) return [];
  const [from, to] = [former.trustDomain, latter.trustDomain];
  return [noteOf(
    `the trust domain changes from ${from} to ${to}, and clients refuse servers of one that they don't know: go there in three plans, `
    + `first to trustDomainAliases with ${to}, then to trustDomain ${to} with ${from} among its aliases, and at last to what NEW is`,
  )];
}

/** What to do before a mode if clients send mutual TLS by rules alone. */
export function notesOnAutoMtls({ planes }: Mesh, { mode }: Target): readonly Note[] {
  if (mode !== 'STRICT' || planes.default.config.enableAutoMtls) return [];
  return [noteOf(
    'auto mTLS is off, so clients with a sidecar send plaintext unless a DestinationRule says ISTIO_MUTUAL: '
    + 'plan a change to enableAutoMtls: true first, or to such rules, and then the mode',
  )];
}

function noteOf(text: string): Note {
  return { about: 'control plane', text: redacted(text) };
}
