/** The manifests on a rule's page. */
export interface PageExamples {
  /** Manifests with a finding: the objects of both examples, then those of the bad one alone. */
  readonly bad: string;
  /** The same for the good example, without findings. */
  readonly good: string;
  /** Every object of the page, one after the other. */
  readonly objects: readonly string[];
}

/** The examples of a page: each section has a block of YAML, or none where that example adds nothing to the objects of both. */
export function examplesOf(page: string): PageExamples {
  const [bad, good, both] = ['Bad', 'Good', 'In both'].map((heading) => objectsBelow(heading, page));
  return { bad: textOf([...both, ...bad]), good: textOf([...both, ...good]), objects: [...bad, ...good, ...both] };
}

function objectsBelow(heading: string, page: string): string[] {
  const [, section = ''] = new RegExp(`^## ${heading}\\n([\\s\\S]*?)(?=^## |(?![\\s\\S]))`, 'm').exec(page) ?? [];
  const [, block] = /^```yaml\n([\s\S]*?)^```$/m.exec(section) ?? [];
  return block === undefined ? [] : block.split(/^---\n/m);
}

function textOf(objects: readonly string[]): string {
  return objects.join('---\n');
}
