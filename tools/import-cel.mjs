// Makes imports/cel-js/, the CEL library as TypeScript that our own compiler turns into CommonJS, from the npm package
// that package-lock.json pins. The package itself is an ES module, which many programs of users can't require.
// `npm run import` runs it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const NAME = '@marcbachmann/cel-js';
const packageDir = join(root, 'node_modules', NAME);
const targetDir = join(root, 'imports', 'cel-js');

/** The module that `src/admission/cel/environment.ts` loads; what it doesn't reach is left out. */
const ENTRY = 'evaluator.js';

/** Modules that import each other: one module, under the name of the last. The first needs no value of the last until all are loaded. */
const TOGETHER = ['functions', 'registry'];

/** Pins another version in .projenrc.ts and installs it. */
function pin(version) {
  const file = join(root, '.projenrc.ts');
  const text = readFileSync(file, 'utf8');
  const pinned = text.replace(/'@marcbachmann\/cel-js@[^']+'/, `'${NAME}@${version}'`);
  if (!pinned.includes(`'${NAME}@${version}'`)) throw new Error(`${file} pins no ${NAME}; expected it among devDeps.`);
  writeFileSync(file, pinned);
  execFileSync('npx', ['--no-install', 'projen'], { cwd: root, stdio: 'inherit' });
}

/** The entry and the modules that it imports, directly or not: their text as TypeScript, by file name. */
function modules() {
  const texts = new Map();
  const visit = (file) => {
    if (texts.has(file)) return;
    const text = readFileSync(join(packageDir, 'lib', file), 'utf8');
    const imports = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
    const foreign = imports.filter((name) => !/^\.\/[\w-]+\.js$/.test(name));
    if (foreign.length > 0) throw new Error(`${NAME}: lib/${file} imports ${foreign.join(', ')}; expected modules of its own folder. Fix: teach tools/import-cel.mjs what that is.`);
    texts.set(file, imports.reduce((changed, name) => changed.replaceAll(`'${name}'`, `'${name.slice(0, -3)}'`), text));
    for (const name of imports) visit(name.slice(2));
  };
  visit(ENTRY);
  return texts;
}

/** Puts modules that import each other into one, so that no import leads back. */
function withoutCircle(texts) {
  const last = TOGETHER.at(-1);
  const importsOf = /^import \{([^}]*)\} from '\.\/([\w-]+)';?\n/gm;
  const names = new Map();
  const bodies = TOGETHER.map((name) => texts.get(`${name}.js`).replace(importsOf, (_, list, from) => {
    if (!TOGETHER.includes(from)) names.set(from, new Set([...names.get(from) ?? [], ...list.split(',').map((one) => one.trim())]));
    return '';
  }));
  const imports = [...names].map(([from, list]) => `import {${[...list].join(', ')}} from './${from}'\n`);
  for (const name of TOGETHER) texts.delete(`${name}.js`);
  for (const [file, text] of texts) texts.set(file, text.replace(new RegExp(`(?<=from ')\\./(?:${TOGETHER.join('|')})(?=')`, 'g'), `./${last}`));
  return texts.set(`${last}.js`, [...imports, ...bodies].join(''));
}

/** In front of each module; bundlers keep such a comment, so the licence goes where the code goes. */
function header() {
  const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8'));
  const licence = readFileSync(join(packageDir, 'LICENSE'), 'utf8').trim().replace(/^(?=.)/gm, ' * ').replace(/^$/gm, ' *');
  return `/*!\n * ${NAME} ${version}\n *\n${licence}\n */\n// Made by tools/import-cel.mjs; don't edit.\n// @ts-nocheck\n`;
}

/** @param {string | undefined} version the version to pin first */
export function importCel(version) {
  if (version) pin(version);
  const texts = withoutCircle(modules());
  rmSync(targetDir, { recursive: true, force: true });
  mkdirSync(targetDir, { recursive: true });
  for (const [file, text] of texts) {
    writeFileSync(join(targetDir, file.replace(/\.js$/, '.ts')), `${header()}${text}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) importCel();
