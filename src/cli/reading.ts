import { claimsToBeKubernetes } from './kubernetes-object';
import { pathProblem } from './path-problem';
import { Progress } from './progress';
import { Unreadable } from './report';
import { Terminal } from './terminal';
import { readTexts, Texts } from './texts';
import { ManifestObject, readManifests } from '../manifests/manifests';

/** The objects of the paths of a command line. */
export interface Reading {
  readonly files: number;
  /** Documents that are no Kubernetes objects, in files that were not named one by one. */
  readonly skipped: number;
  /** In the order of the paths and of the objects in them. */
  readonly documents: readonly ManifestObject[];
  readonly unreadable: readonly Unreadable[];
}

export async function readPaths(paths: readonly string[], { input, progress }: Pick<Terminal, 'input' | 'progress'>): Promise<Reading> {
  return readingOf(await readTexts(paths, input), progress);
}

export function readingOf({ texts, problems }: Texts, progress?: Progress): Reading {
  const reader = new Reader(problems);
  for (const [index, one] of texts.entries()) {
    progress?.show(() => `Reading file ${index + 1} of ${texts.length} …`);
    if ('problem' in one) reader.unreadable.push(one.problem);
    else reader.read(one.text, one.name, one.isNamed);
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

  public read(text: string, file: string, isNamed: boolean): void {
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
