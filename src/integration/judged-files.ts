import { readFileSync } from 'node:fs';
import {
  AnalysisSettings, analyze, duplicatesOf, Mesh, parseYaml, readManifests, runningVersion, withInstalled, WorkloadKinds,
} from './analysis-modules';
import type { AnalysisFacts } from './analysis-settings';
import type { ValidatedMesh } from './validated-meshes';
import type { ValidationProperties } from './validation-properties';
import { admit } from '../admission/admission';
import type { AnalysisBothWays } from '../analysis/analysis';
import type { MeshFinding } from '../analysis/mesh-finding';
import { judgementDay, reasonText } from '../findings/acknowledgement';
import { Finding, isRefusal } from '../findings/finding';
import type { ManifestObject } from '../manifests/manifests';
import type { ManifestProblem } from '../manifests/problems';
import { objectText } from '../mesh/inventory/object';

/** A finding with its document; without one, it is about an acknowledgement of the configuration file. */
export type FoundInFiles = Finding & { readonly document?: ManifestObject; readonly connections?: number };

/** What files are, object by object and as a mesh. */
export interface JudgedFiles extends ValidatedMesh {
  readonly problems: readonly { readonly path: string; readonly problem: ManifestProblem }[];
  readonly found: readonly FoundInFiles[];
  readonly acknowledged: readonly (FoundInFiles & { readonly reason: string })[];
  readonly mesh: Mesh;
  readonly analysis: AnalysisBothWays;
}

/** Judges the documents of files object by object, and then as a mesh. */
export function judgedFiles(of: ValidatedMesh, properties: ValidationProperties): JudgedFiles {
  const { settings, files } = of;
  const { namespace = settings.namespace } = properties;
  const read = files.map((path) => ({ path, ...readManifests(readFileSync(path, 'utf8'), path) }));
  const facts = settings.facts(properties, 'IstioValidation');
  const kinds = WorkloadKinds.with(facts.workloadKinds);
  const documents = read.flatMap((file) => file.documents).map((document) => document.inNamespace(namespace, kinds));
  const problems = read.flatMap((file) => file.problems.map((problem) => ({ path: file.path, problem })));
  return { ...of, problems, ...judged(documents, facts, properties, settings) };
}

function judged(
  documents: readonly ManifestObject[], facts: AnalysisFacts, properties: ValidationProperties, settings: AnalysisSettings,
): Pick<JudgedFiles, 'found' | 'acknowledged' | 'mesh' | 'analysis'> {
  const { date } = properties;
  const context = { istiodNamespace: facts.istiodNamespace, istioVersion: runningVersion(documents.map(({ object }) => object), facts) };
  const objected = documents.map((document) => ({ document, objections: admit(document.object, context) }));
  const admitted = objected.filter(({ objections }) => !objections.some(isRefusal)).map(({ document }) => document.object);
  const { allCalls = settings.allCalls } = properties;
  const mesh = Mesh.of(admitted, { ...withInstalled(facts, admitted), parseYaml, onlyDeclaredCalls: !allCalls });
  const today = judgementDay(date, 'IstioValidation');
  const analysis = analyze(mesh, { acknowledgements: settings.acknowledgements(), today, caHorizon: settings.caHorizon });
  const isDuplicate = duplicatesOf(analysis);
  const objections = objected.flatMap(({ document, objections: all }) =>
    all.filter(({ code }) => !isDuplicate(document.object, code)).map((objection) => ({ ...objection, document })));
  const bySource = new Map<object | undefined, ManifestObject>(documents.map((document) => [document.object, document]));
  const foundIn = (finding: MeshFinding): FoundInFiles => {
    const { source, replacedBy } = finding;
    const [document, later] = [bySource.get(source), bySource.get(replacedBy)];
    return document && later && !settings.mesh ? { ...twice(finding, document, later), document } : { ...finding, document };
  };
  return {
    found: [...objections, ...analysis.findings.map(foundIn)],
    acknowledged: analysis.acknowledged.map(({ finding, ...said }) => ({ ...foundIn(finding), reason: reasonText(said) })),
    mesh,
    analysis,
  };
}

/** Two manifests of one object where no meshes are named: if they are of two environments, only the later one would be judged. */
function twice(finding: MeshFinding, document: ManifestObject, later: ManifestObject): Finding {
  return {
    ...finding,
    severity: 'error',
    expected: 'one manifest per object, as all files are judged as one mesh',
    because: `${document.file === later.file ? `${later.file} holds` : `${document.file} and ${later.file} hold`} different manifests of `
      + `${objectText(finding.object)}, of which only the later one would be judged`,
    fix: 'if the app has several environments, name each under meshes of the configuration file that the property config names, '
      + 'or use MtlsAnalysis.attach; otherwise delete one of them, or give them different names or namespaces',
  };
}

/** Whether a finding is of an object with two different manifests: what is judged then isn't what the files say. */
export function isTwice({ code }: Pick<Finding, 'code'>): boolean {
  return code === 'MTLS601';
}

/** Findings that acknowledgements are useless, without those of acknowledgements that serve another mesh, or may. */
export function withoutServing(found: readonly FoundInFiles[], meshes: readonly JudgedFiles[], isEach: boolean): readonly FoundInFiles[] {
  if (meshes.length === 1 && isEach) return found;
  const useless = meshes.map((one) => new Set(one.found.map(uselessIndex)));
  return found.filter((finding) => {
    const index = uselessIndex(finding);
    return index === undefined || (isEach && useless.every((indexes) => indexes.has(index)));
  });
}

/** The index of the file's acknowledgement that a finding calls useless; undefined for any other finding. */
function uselessIndex({ code, field: [list, index] }: FoundInFiles): number | undefined {
  return code === 'MTLS901' && list === 'acknowledgements' && typeof index === 'number' ? index : undefined;
}
