// Writes API.md with jsii-docgen, without the members that classes inherit from other packages: a dozen would repeat all of
// cdk8s' ApiObject, and every construct those of Construct. Needs the assembly that jsii writes.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const { Documentation, Language, MarkdownRenderer } = createRequire(import.meta.url)('jsii-docgen');

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PARTS = { instanceMethods: 'methods', staticMethods: 'methods', properties: 'properties', constants: 'properties' };

const { types } = JSON.parse(readFileSync(`${ROOT}.jsii`, 'utf8'));
const docs = await Documentation.forProject(ROOT);
try {
  const schema = JSON.parse((await docs.toJson({ language: Language.TYPESCRIPT, allSubmodules: false })).render());
  for (const type of [...schema.apiReference.constructs, ...schema.apiReference.classes]) leaveOutInherited(type);
  writeFileSync(`${ROOT}API.md`, MarkdownRenderer.fromSchema(schema, {}).render());
} finally {
  await docs.cleanup();
}

function leaveOutInherited(type) {
  const lineage = lineageOf(type.fqn);
  for (const [part, of] of Object.entries(PARTS)) {
    const own = new Set(lineage.flatMap(({ [of]: members = [] }) => members.map(({ name }) => name)));
    type[part] = (type[part] ?? []).filter(({ displayName }) => own.has(displayName));
  }
  const { base } = lineage[lineage.length - 1];
  if (base) type.docs.remarks = [type.docs.remarks, `Has the members of \`${base}\`, too.`].filter(Boolean).join('\n\n');
}

/** A class and those that it extends, as far as they are of this package. */
function lineageOf(fqn) {
  const type = types[fqn];
  return type.base in types ? [type, ...lineageOf(type.base)] : [type];
}
