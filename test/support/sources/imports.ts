import { dirname, join } from 'node:path/posix';
import * as ts from 'typescript';

/** For each file the files that it imports or exports, including types only, import types and lazy loads. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** @param texts by path, with slashes */
export function importsOf(texts: ReadonlyMap<string, string>): Imports {
  return new Map([...texts].map(([file, text]) => {
    const relative = namesIn(file, text).filter((name) => name.startsWith('.')).map((name) => join(dirname(file), name));
    return [file, [...new Set(relative)].flatMap((path) => [`${path}.ts`, `${path}/index.ts`].filter((known) => texts.has(known)))];
  }));
}

function namesIn(file: string, text: string): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const name = nameIn(node);
    if (name && ts.isStringLiteralLike(name)) names.push(name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest));
  return names;
}

function nameIn(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined;
  if (!ts.isCallExpression(node)) return undefined;
  const isLoading = node.expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(node.expression) && node.expression.text === 'require');
  return isLoading ? node.arguments[0] : undefined;
}

/** The shortest circle through each file in one, starting at its first file by name, without duplicates, shortest first. */
export function circlesIn(imports: Imports): readonly (readonly string[])[] {
  const circles = new Map<string, readonly string[]>();
  for (const file of imports.keys()) {
    const circle = shortestCircle(file, imports);
    if (!circle) continue;
    const first = circle.indexOf([...circle].sort()[0]);
    const turned = [...circle.slice(first), ...circle.slice(0, first)];
    circles.set(turned.join(), turned);
  }
  return [...circles.values()].sort((left, right) => left.length - right.length);
}

function shortestCircle(file: string, imports: Imports): readonly string[] | undefined {
  const before = new Map<string, string>();
  const reached = [file];
  for (const at of reached) {
    for (const next of imports.get(at) ?? []) {
      if (next === file) return wayTo(at, before);
      if (before.has(next)) continue;
      before.set(next, at);
      reached.push(next);
    }
  }
  return undefined;
}

function wayTo(end: string, before: ReadonlyMap<string, string>): string[] {
  const way = [end];
  for (let at = before.get(end); at !== undefined; at = before.get(at)) way.unshift(at);
  return way;
}
