import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { faultsIn } from '../../support/documents/compiler';
import { docstringExamples } from '../../support/documents/docstring-examples';

const ROOT = join(__dirname, '..', '..', '..');
const DOCS = join(ROOT, 'docs');

/** The TypeScript fences of docs/, by the name of a file that doesn't exist: `docs/page.md.12.ts`. Those of docs/api/ are signatures. */
function fences(): Map<string, string> {
  const found = new Map<string, string>();
  for (const page of readdirSync(DOCS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md') && !name.startsWith('api')).sort()) {
    const text = readFileSync(join(DOCS, page), 'utf8');
    for (const { index, 1: code } of text.matchAll(/^```(?:ts|typescript)\n([\s\S]*?)^```$/gm)) {
      found.set(join(DOCS, `${page}.${text.slice(0, index).split('\n').length}.ts`), code);
    }
  }
  return found;
}

const WRONG = [join(DOCS, 'wrong.ts'), "import { NoSuchConstruct } from 'cdk8s-istio-mtls';\nnew NoSuchConstruct();\n"] as const;

describe('in one program', () => {
  const files = fences();
  const examples = new Map(docstringExamples().map(({ file, code }) => [file, code]));
  let faultsOf: ReturnType<typeof faultsIn>;

  beforeAll(() => {
    faultsOf = faultsIn(new Map([...files, ...examples, WRONG]));
  });

  test('every TypeScript fence of docs/ compiles', () => {
    expect(files.size).toBeGreaterThan(0);
    expect([...files.keys()].flatMap((name) => faultsOf(name))).toEqual([]);
  });

  test('every example of a docstring compiles', () => {
    expect(examples.size).toBeGreaterThan(0);
    expect([...examples.keys()].flatMap((name) => faultsOf(name))).toEqual([]);
  });

  test('reports a fence with an unknown name', () => {
    expect(faultsOf(WRONG[0])).toEqual([expect.stringContaining("has no exported member 'NoSuchConstruct'")]);
  });
});
