import { IConstruct } from 'constructs';
import { MeshManifests } from './app-manifests';
import type { Finding } from './finding';
import { Judge } from './once-per-synth';

/** Returns the keys of findings that only repeat what constructs of a mesh refuse in the same synth. */
const repeaters = new WeakMap<IConstruct, (() => Judge)[]>();

/** @param repeaterOf returns, for a synth, what lists the keys of findings that repeat a refusal */
export function addRepeater({ node: { root } }: IConstruct, repeaterOf: () => Judge): void {
  const known = repeaters.get(root);
  if (known) known.push(repeaterOf);
  else repeaters.set(root, [repeaterOf]);
}

/** How a finding is known: by its rule and its object. */
export function repeatedKey({ code, kind, namespace, name }: Pick<Finding, 'code' | 'kind' | 'namespace' | 'name'>): string {
  return JSON.stringify([code, kind, namespace, name]);
}

/** The findings of a mesh, without those that repeat a refusal: each cause is reported once. */
export function withoutRepeated(findings: readonly Finding[], mesh: MeshManifests): readonly Finding[] {
  const repeated = new Set((repeaters.get(mesh.facts.root) ?? []).flatMap((repeaterOf) => repeaterOf()(mesh)));
  return findings.filter((finding) => !repeated.has(repeatedKey(finding)));
}
