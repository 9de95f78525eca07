// Jest's transformer, and what loads the conformance suite: takes types away and turns imports into require(). Lines stay where they
// are, so that stack traces are right without source maps. Nothing is checked: `npx projen typecheck` does.
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { transform, getVersion } = require('sucrase');

const ROOT = join(__dirname, '..');
const READS = createHash('sha1').update(getVersion()).update(readFileSync(__filename)).digest('hex');

/** The JavaScript of a TypeScript file. */
function stripTypes(text, filePath) {
  return transform(text, { filePath, transforms: ['typescript', 'imports', 'jest'], disableESTransforms: true, preserveDynamicImport: true }).code;
}

/** The same by TypeScript itself, whose source maps are exact to the column: V8 counts coverage by columns. */
function compile(text, fileName) {
  const ts = require('typescript');
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true, sourceMap: true, inlineSources: true };
  const { outputText, sourceMapText } = ts.transpileModule(text, { fileName, compilerOptions });
  return { code: outputText, map: sourceMapText };
}

/** Whether a file lies in one of the folders that `collectCoverageFrom` names. */
const isCounted = (filePath, { collectCoverage, collectCoverageFrom = [] }) => Boolean(collectCoverage)
  && collectCoverageFrom.some((pattern) => filePath.startsWith(join(ROOT, pattern.replace(/\*.*$/, ''))));

module.exports = {
  stripTypes,
  process: (text, filePath, options) => (isCounted(filePath, options) ? compile(text, filePath) : { code: stripTypes(text, filePath) }),
  getCacheKey: (text, filePath, options) => createHash('sha1')
    .update([READS, isCounted(filePath, options), options.configString, filePath, text].join('\0')).digest('hex'),
};
