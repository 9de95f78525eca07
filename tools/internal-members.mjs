// Takes the internal members of classes and interfaces out of the compiled library's types, and the imports that only these need.
// jsii leaves them out of other languages, but refuses TypeScript's option `stripInternal`. A class keeps `#private`, as TypeScript
// writes it for its private fields: without a member of its own, it would accept any object, such as one of Istio's YAML.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const ts = createRequire(import.meta.url)('typescript');
const LIB = fileURLToPath(new URL('../lib/src/', import.meta.url));

for (const folder of ['constructs', 'integration']) {
  for (const name of readdirSync(`${LIB}${folder}`, { recursive: true })) {
    if (!name.endsWith('.d.ts')) continue;
    const path = `${LIB}${folder}/${name}`;
    const text = readFileSync(path, 'utf8');
    const stripped = withoutInternal(text);
    if (stripped !== text) writeFileSync(path, stripped);
  }
}

function withoutInternal(text) {
  const source = ts.createSourceFile('types.d.ts', text, ts.ScriptTarget.Latest, true);
  const cuts = [];
  for (const statement of source.statements) {
    if (!ts.isClassDeclaration(statement) && !ts.isInterfaceDeclaration(statement)) continue;
    const internal = statement.members.filter(isInternal);
    for (const [index, member] of internal.entries()) {
      const needsOwn = index === 0 && ts.isClassDeclaration(statement) && !statement.members.some((one) => !internal.includes(one) && isPrivateField(one));
      cuts.push([member.getFullStart(), member.getEnd(), needsOwn ? '\n    #private;' : '']);
    }
  }
  if (cuts.length === 0) return text;
  const kept = cuts.reduceRight((rest, [from, to, instead]) => rest.slice(0, from) + instead + rest.slice(to), text);
  return withoutUnusedImports(kept);
}

function isInternal(member) {
  return (member.name && member.name.getText().startsWith('_')) || ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal');
}

/** A private constructor doesn't tell the objects of a class from others; a private field does. */
function isPrivateField(member) {
  if (ts.isConstructorDeclaration(member) || !member.name) return false;
  return ts.isPrivateIdentifier(member.name) || (ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword));
}

function withoutUnusedImports(text) {
  const source = ts.createSourceFile('types.d.ts', text, ts.ScriptTarget.Latest, true);
  const imports = source.statements.filter((one) => ts.isImportDeclaration(one) && one.importClause?.namedBindings && ts.isNamedImports(one.importClause.namedBindings));
  const rest = source.statements.filter((one) => !ts.isImportDeclaration(one)).map((one) => one.getText()).join('\n');
  return imports.reduceRight((kept, one) => {
    const names = one.importClause.namedBindings.elements;
    const used = names.filter(({ name }) => new RegExp(`\\b${name.text}\\b`).test(rest));
    if (used.length === names.length) return kept;
    const [from, to] = [one.getFullStart(), one.getEnd()];
    if (used.length === 0) return kept.slice(0, from) + kept.slice(to);
    const bindings = one.importClause.namedBindings;
    return `${kept.slice(0, bindings.getStart())}{ ${used.map((name) => name.getText()).join(', ')} }${kept.slice(bindings.getEnd())}`;
  }, text);
}
