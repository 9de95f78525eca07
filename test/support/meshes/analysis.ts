import { loadAll } from 'js-yaml';
import { analyze } from '../../../src/analysis/analysis';
import { MeshFinding } from '../../../src/analysis/mesh-finding';
import { fieldText } from '../../../src/findings/finding';
import { readYaml } from '../../../src/manifests/yaml/read-yaml';
import { Mesh, MeshOptions } from '../../../src/mesh/mesh';
import { withCertificates } from '../certificates/certificates-of-examples';

/** The day of every test. */
export const TODAY = '2026-01-01';

/** The analysis' findings in manifests. */
export function findingsIn(manifests: string | readonly unknown[], options: Partial<MeshOptions> = {}): readonly MeshFinding[] {
  return analyze(Mesh.of(typeof manifests === 'string' ? loadAll(withCertificates(manifests)) : manifests, { parseYaml: readYaml, ...options }), { today: TODAY }).findings;
}

/** The subject of a finding: `DestinationRule shop/ratings spec.trafficPolicy.tls.mode`. */
export function subjectOf({ object: { kind, namespace, name }, field }: MeshFinding): string {
  return `${kind} ${namespace}/${name} ${fieldText(field)}`.trimEnd();
}

/** A finding as one reads it. */
export function sentenceOf({ code, severity, field, actual, expected, because, fix, connections, object }: MeshFinding): string {
  return [
    `${severity} ${code} ${subjectOf({ object, field } as MeshFinding)}${connections === undefined ? '' : ` (connections: ${connections})`}`,
    `  is ${actual}`, `  expected ${expected}`, `  because ${because ?? '-'}`, `  fix: ${fix}`,
  ].join('\n');
}
