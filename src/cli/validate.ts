import { claimsToBeKubernetes } from './kubernetes-object';
import { pathProblem } from './path-problem';
import { readTextOf, readTextOfStream } from './read-text';
import { Finding, ObjectIdentity, Report, Unreadable } from './report';
import { Source, sourcesOf, STANDARD_INPUT } from './sources';
import { admit, AdmissionContext } from '../admission/admission';
import { Objection } from '../admission/objection';
import { UndefinedSubsets } from '../admission/undefined-subsets';
import { ManifestObject, readManifests } from '../manifests/manifests';

/** How standard input is called in what is printed. */
const STANDARD_INPUT_NAME = '<stdin>';

/** Judges all objects of the paths. */
export async function validate(paths: readonly string[], context: AdmissionContext, standardInput: AsyncIterable<Buffer | string>): Promise<Report> {
  const { sources, problems } = sourcesOf(paths);
  const validation = new Validation(context, problems);
  for (const source of sources) {
    const isInput = source.path === STANDARD_INPUT;
    const name = isInput ? STANDARD_INPUT_NAME : source.path;
    const read = isInput ? await readTextOfStream(standardInput, name) : readTextOf(name);
    if ('problem' in read) validation.unreadable.push(read.problem);
    else validation.judgeText(read.text, name, source);
  }
  validation.judgeTogether();
  return validation;
}

class Validation implements Report {
  public readonly findings: Finding[] = [];
  public readonly unreadable: Unreadable[];
  public files = 0;
  public objects = 0;
  public skipped = 0;
  private readonly routing: { readonly document: ManifestObject; readonly objectIndex: number }[] = [];

  public constructor(private readonly context: AdmissionContext, problems: readonly Unreadable[]) {
    this.unreadable = [...problems];
  }

  public judgeText(text: string, file: string, { isNamed }: Source): void {
    this.files++;
    const { documents, problems } = readManifests(text, file);
    for (const problem of problems) {
      if (problem.isListDocument && !isNamed) this.skipped++;
      else this.unreadable.push(problem);
    }
    if (isNamed && documents.length + problems.length === 0) this.unreadable.push(pathProblem('ADMIT165', file, 'empty'));
    for (const document of documents) {
      if (isNamed || document.isItem || claimsToBeKubernetes(document.object)) this.judge(document);
      else this.skipped++;
    }
  }

  /** What no object tells by itself. */
  public judgeTogether(): void {
    const subsets = new UndefinedSubsets(this.routing.map(({ document }) => document.object));
    for (const { document, objectIndex } of this.routing) this.tell(subsets.objections(document.object), document, objectIndex);
  }

  private judge(document: ManifestObject): void {
    const { object } = document;
    const objectIndex = this.objects++;
    if (object.kind === 'VirtualService' || object.kind === 'DestinationRule') this.routing.push({ document, objectIndex });
    this.tell(admit(object, this.context), document, objectIndex);
  }

  private tell(objections: readonly Objection[], document: ManifestObject, objectIndex: number): void {
    const { file, object } = document;
    for (const objection of objections) {
      this.findings.push({ ...objection, file, position: document.positionOf(objection.field), object: identityOf(object), objectIndex });
    }
  }
}

function identityOf({ apiVersion, kind, metadata }: Readonly<Record<string, any>>): ObjectIdentity {
  const { namespace, name, generateName } = metadata ?? {};
  return { apiVersion: textOf(apiVersion), kind: textOf(kind), namespace: textOf(namespace), name: textOf(name ?? generateName) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
