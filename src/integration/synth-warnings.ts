import { IConstruct } from 'constructs';
import { MeshManifests } from './app-manifests';
import { attachedTo } from './attachments';
import { MeshFacts } from './mesh-facts';
import { addJudge, isOfTest, Judge } from './once-per-synth';

const warners = new WeakMap<IConstruct, (() => Judge)[]>();

/**
 * Adds what warns of the constructs of a mesh in each synth, without failing it. The warnings of a mesh go to the reporter of its
 * MtlsAnalysis; without one, to standard error.
 *
 * @param warnerOf returns the warner for a synth
 */
export function addWarner({ node: { root } }: IConstruct, warnerOf: () => Judge): void {
  const known = warners.get(root);
  if (known) {
    known.push(warnerOf);
    return;
  }
  warners.set(root, [warnerOf]);
  const told = new Map<MeshFacts, string>();
  addJudge(root, () => (mesh) => {
    if (attachedTo(mesh.facts) || isOfTest()) return [];
    const text = warningsOf(mesh).map((message) => `warning: ${message}\n`).join('');
    if (text !== '' && text !== told.get(mesh.facts)) process.stderr.write(text);
    told.set(mesh.facts, text);
    return [];
  });
}

/** The warnings of a mesh's constructs, one sentence each. */
export function warningsOf(mesh: MeshManifests): string[] {
  return (warners.get(mesh.facts.root) ?? []).flatMap((warnerOf) => warnerOf()(mesh));
}
