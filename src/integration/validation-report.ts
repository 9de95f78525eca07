import { readFileSync } from 'node:fs';
import { admit } from '../admission/admission';
import { Objection } from '../admission/objection';
import { nameOf, objectionMessage } from '../admission/objection-message';
import { UndefinedSubsets } from '../admission/undefined-subsets';
import { fieldText } from '../findings/field-path';
import { ManifestObject, readManifests } from '../manifests/manifests';
import { problemMessage } from '../manifests/problem-message';

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
}

/** Judges the files of a synth and fills cdk8s-cli's report; warnings are logged. */
export function reportOn({ manifests, report, logger }: ValidationContext, properties: ValidationProperties): void {
  let status: 'success' | 'failure' = 'success';
  const refuse = (violation: Violation) => {
    status = 'failure';
    report.addViolation(violation);
  };
  const read = manifests.map((path) => ({ path, ...readManifests(readFileSync(path, 'utf8'), path) }));
  const subsets = new UndefinedSubsets(read.flatMap(({ documents }) => documents.map(({ object }) => object)));
  for (const { path, documents, problems } of read) {
    for (const problem of problems) {
      refuse(violationOf(problem, problemMessage(problem), path, `${problem.position.line}:${problem.position.column}`, path));
    }
    for (const document of documents) {
      for (const objection of [...admit(document.object, properties), ...subsets.objections(document.object)]) {
        if (objection.severity === 'error') refuse(objectionViolation(document, objection));
        else logger.log(`${place(document, objection)}: warning: ${objectionMessage(document.object, objection)}`);
      }
    }
  }
  report.submit(status);
}

function objectionViolation(document: ManifestObject, objection: Objection): Violation {
  const { line, column } = document.positionOf(objection.field);
  const { name } = (document.object.metadata ?? {}) as { name?: string };
  const location = `${line}:${column} ${fieldText(objection.field)}`;
  return violationOf(objection, objectionMessage(document.object, objection), name ?? nameOf(document.object) ?? '', location, document.file);
}

function violationOf({ code, fix }: Pick<Objection, 'code' | 'fix'>, recommendation: string, resourceName: string, location: string, file: string): Violation {
  return { ruleName: code, recommendation, fix, violatingResources: [{ resourceName, locations: [location], manifestPath: file }] };
}

function place(document: ManifestObject, { field }: Objection): string {
  const { line, column } = document.positionOf(field);
  return `${document.file}:${line}:${column}`;
}
