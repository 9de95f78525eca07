// The program that every runtime and bundler gets: program/ as it is, or as JavaScript.
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const folder = fileURLToPath(new URL('program/', import.meta.url));
const FILES = readdirSync(folder);

/** As TypeScript. */
export function writeTypeScript(project) {
  for (const file of FILES) project.write(file, readFileSync(`${folder}${file}`, 'utf8'));
}

/** As CommonJS, or with its imports left to a bundler. */
export function writeJavaScript(project, module = ts.ModuleKind.CommonJS) {
  for (const file of FILES) {
    const { outputText } = ts.transpileModule(readFileSync(`${folder}${file}`, 'utf8'), { compilerOptions: { module, target: ts.ScriptTarget.ES2022 } });
    project.write(file.replace(/\.ts$/, '.js'), outputText);
  }
}

/** Without require of ES modules, as in Node before 20.19 and in tools with a loader of their own. */
export const WITHOUT_REQUIRE_OF_ESM = { NODE_OPTIONS: '--no-experimental-require-module' };
