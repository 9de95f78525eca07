import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

const SRC = join(__dirname, '..', '..', '..', 'src');

/** An `@example` of a docstring. */
export interface DocstringExample {
  /** The class, interface or member that the example documents. */
  readonly of: string;
  /** The name of a file that doesn't exist, beside the one that has it: `src/constructs/pods.ts.75.ts`. */
  readonly file: string;
  readonly code: string;
}

/** The examples of all docstrings of the constructs and of what goes with them. */
export function docstringExamples(): DocstringExample[] {
  return ['constructs', 'integration'].flatMap((folder) => (
    readdirSync(join(SRC, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .sort()
      .flatMap((name) => examplesIn(join(SRC, folder, name)))
  ));
}

function examplesIn(path: string): DocstringExample[] {
  const text = readFileSync(path, 'utf8');
  if (!text.includes('@example')) return [];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: DocstringExample[] = [];
  const visit = (node: ts.Node) => {
    for (const doc of (node as ts.Node & { readonly jsDoc?: readonly ts.JSDoc[] }).jsDoc ?? []) {
      for (const tag of doc.tags?.filter(({ tagName }) => tagName.text === 'example') ?? []) {
        const { line } = source.getLineAndCharacterOfPosition(tag.getStart());
        found.push({ of: nameOf(node), file: `${path}.${line + 1}.ts`, code: codeOf(tag.getText()) });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function nameOf(node: ts.Node): string {
  const { name } = node as ts.Node & { readonly name?: ts.Node };
  return name?.getText() ?? '';
}

/** The text of the comment. */
function codeOf(tag: string): string {
  return tag.replace(/^@example/, '').split('\n').map((line) => line.replace(/^\s*\* ?/, '')).join('\n').trim();
}
