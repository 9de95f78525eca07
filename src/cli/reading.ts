import { claimsToBeKubernetes } from './kubernetes-object';
import { pathProblem } from './path-problem';
import { readTextOf, readTextOfStream } from './read-text';
import { Unreadable } from './report';
import { Source, sourcesOf, STANDARD_INPUT } from './sources';
import { ManifestObject, readManifests } from '../manifests/manifests';

/** How standard input is called in what is printed. */
const STANDARD_INPUT_NAME = '<stdin>';

/** The objects of the paths of a command line. */
export interface Reading {
  readonly files: number;
  /** Documents that are no Kubernetes objects, in files that were not named one by one. */
  readonly skipped: number;
  /** In the order of the paths and of the objects in them. */
  readonly documents: readonly ManifestObject[];
  readonly unreadable: readonly Unreadable[];
}

export async function readPaths(paths: readonly string[], standardInput: AsyncIterable<Buffer | string>): Promise<Reading> {
  const { sources, problems } = sourcesOf(paths);
  const reader = new Reader(problems);
  for (const source of sources) {
    const isInput = source.path === STANDARD_INPUT;
    const name = isInput ? STANDARD_INPUT_NAME : source.path;
    const read = isInput ? await readTextOfStream(standardInput, name) : readTextOf(name);
    if ('problem' in read) reader.unreadable.push(read.problem);
    else reader.read(read.text, name, source);
  }
  return reader;
}

class Reader implements Reading {
  public files = 0;
  public skipped = 0;
  public readonly documents: ManifestObject[] = [];
  public readonly unreadable: Unreadable[];

  public constructor(problems: readonly Unreadable[]) {
    this.unreadable = [...problems];
  }

  public read(text: string, file: string, { isNamed }: Source): void {
    this.files++;
    const { documents, problems } = readManifests(text, file);
    for (const problem of problems) {
      if (problem.isListDocument && !isNamed) this.skipped++;
      else this.unreadable.push(problem);
    }
    if (isNamed && documents.length + problems.length === 0) this.unreadable.push(pathProblem('ADMIT165', file, 'empty'));
    for (const document of documents) {
      if (isNamed || document.isItem || claimsToBeKubernetes(document.object)) this.documents.push(document);
      else this.skipped++;
    }
  }
}
