import { readFileSync } from 'node:fs';
import { admit } from '../admission/admission';
import { analyze } from '../analysis/analysis';
import { toldInFull } from '../analysis/told-in-full';
import { fieldText } from '../findings/field-path';
import { Finding, reaches, Severity } from '../findings/finding';
import { nameOf, findingMessage } from '../findings/finding-message';
import { ManifestObject, readManifests } from '../manifests/manifests';
import { problemMessage } from '../manifests/problem-message';
import { readYaml } from '../manifests/yaml/read-yaml';
import { Mesh } from '../mesh/mesh';

/** What cdk8s-cli hands to a validation plugin, as far as it is used here. */
export interface ValidationContext {
  /** Paths of the synthesized files. */
  readonly manifests: readonly string[];
  readonly report: {
    addViolation(violation: Violation): void;
    submit(status: 'success' | 'failure'): void;
  };
  readonly logger: { log(message: string): void };
}

interface Violation {
  readonly ruleName: string;
  readonly recommendation: string;
  readonly fix: string;
  readonly violatingResources: readonly { readonly resourceName: string; readonly locations: readonly string[]; readonly manifestPath: string }[];
}

export interface ValidationProperties {
  readonly istiodNamespace?: string;
  /** The least severity of the analysis' findings that fails the synth; `error` unless told. */
  readonly failOn?: Severity;
  readonly injectedNamespaces?: readonly string[];
  readonly installedRevisions?: readonly string[];
  readonly partialNamespaces?: readonly string[];
}

/** Judges the files of a synth, object by object and as a mesh, and fills cdk8s-cli's report; what doesn't fail it is logged. */
export function reportOn({ manifests, report, logger }: ValidationContext, properties: ValidationProperties): void {
  let status: 'success' | 'failure' = 'success';
  const refuse = (violation: Violation) => {
    status = 'failure';
    report.addViolation(violation);
  };
  const read = manifests.map((path) => ({ path, ...readManifests(readFileSync(path, 'utf8'), path) }));
  for (const { path, problems } of read) {
    for (const problem of problems) {
      refuse(violationOf(problem, problemMessage(problem), path, `${problem.position.line}:${problem.position.column}`, path));
    }
  }
  const documents = read.flatMap((file) => file.documents);
  const tell = (document: ManifestObject, finding: Finding, fails: boolean): void => {
    if (fails) refuse(findingViolation(document, finding));
    else logger.log(`${place(document, finding)}: ${finding.severity}: ${findingMessage(document.object, finding)}`);
  };
  const objected = documents.map((document) => ({ document, objections: admit(document.object, properties) }));
  const admitted = objected.filter(({ objections }) => objections.every(({ severity }) => severity !== 'error')).map(({ document }) => document.object);
  const { failOn = 'error' } = properties;
  const analysis = analyze(Mesh.of(admitted, { ...properties, parseYaml: readYaml }));
  const { findings, acknowledged } = analysis;
  const isTold = toldInFull(analysis);
  for (const { document, objections } of objected) {
    for (const objection of objections) if (!isTold(document.object, objection.code)) tell(document, objection, objection.severity === 'error');
  }
  const bySource = new Map<object | undefined, ManifestObject>(documents.map((document) => [document.object, document]));
  for (const finding of findings) tell(bySource.get(finding.source)!, finding, reaches(finding.severity, failOn));
  for (const { finding, reason } of acknowledged) {
    const document = bySource.get(finding.source)!;
    logger.log(`${place(document, finding)}: ${finding.code} acknowledged: ${reason}`);
  }
  report.submit(status);
}

function findingViolation(document: ManifestObject, finding: Finding): Violation {
  const { line, column } = document.positionOf(finding.field);
  const { name } = (document.object.metadata ?? {}) as { name?: string };
  const location = `${line}:${column} ${fieldText(finding.field)}`;
  return violationOf(finding, findingMessage(document.object, finding), name ?? nameOf(document.object) ?? '', location, document.file);
}

function violationOf({ code, fix }: Pick<Finding, 'code' | 'fix'>, recommendation: string, resourceName: string, location: string, file: string): Violation {
  return { ruleName: code, recommendation, fix, violatingResources: [{ resourceName, locations: [location], manifestPath: file }] };
}

function place(document: ManifestObject, { field }: Finding): string {
  const { line, column } = document.positionOf(field);
  return `${document.file}:${line}:${column}`;
}
