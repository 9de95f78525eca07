// Jest's transformer, and what loads the conformance suite: takes types away and turns imports into require(). Lines stay where they
// are, so that neither stack traces nor coverage need a source map. Nothing is checked: `npx projen typecheck` does.
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { transform, getVersion } = require('sucrase');

/** The JavaScript of a TypeScript file. */
function stripTypes(text, filePath) {
  return transform(text, { filePath, transforms: ['typescript', 'imports', 'jest'], disableESTransforms: true, preserveDynamicImport: true }).code;
}

const made = createHash('sha1').update(getVersion()).update(readFileSync(__filename)).digest('hex');

module.exports = {
  stripTypes,
  process: (text, filePath) => ({ code: stripTypes(text, filePath) }),
  getCacheKey: (text, filePath, { configString }) => createHash('sha1').update([made, configString, filePath, text].join('\0')).digest('hex'),
};
