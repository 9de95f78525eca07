// What knip takes as used: `npx projen unused` runs it with the tests, and with `--production` without them.
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path/posix';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replaceAll('\\', '/');
const withoutTests = process.argv.includes('--production');

/** Exports that only tests import, by file: a table or a decision that a test of its own shows best. */
const FOR_TESTS = JSON.parse(readFileSync(new URL('exports-for-tests.json', import.meta.url), 'utf8'));

/** `const { a, b: c } = late<typeof import('./x')>(() => require('./x'))`, the module as a whole, or a member of it. */
const LATE = /(?:const \{([^{}]*)\} = )?\blate<typeof import\('(\.[^']*)'\)>\(\s*\(\) => require\('[^']*'\),?\s*\)(?:\.(\w+))?/g;
/** The conformance suite loads a module of the compiled library by its path in src/. */
const LIBRARY_MODULE = /(?:const \{([^{}]*)\} = )?\blibraryModule\('([^']*)'\)(?:\.(\w+))?/g;

/** knip reads import declarations: what a text loads by a call is added as one, behind the last line, so that lines stay where they are. */
function withImports(text, path) {
  const source = `./${relative(dirname(path), 'src')}`;
  const loaded = [
    ...[...text.matchAll(LATE)].map(([, names, module, member]) => [module, names, member]),
    ...[...text.matchAll(LIBRARY_MODULE)].map(([, names, module, member]) => [`${source}/${module}`, names, member]),
  ];
  return [text.replaceAll('/lib/src/', '/src/'), ...loaded.map(([module, names, member], index) => imported(module, names ?? member, `_${index}`))].join(' ');
}

function imported(module, names, local) {
  if (names === undefined) return `((all) => all)(await import('${module}'));`;
  return names.split(',').map((name) => name.split(':')[0].trim()).filter(Boolean)
    .map((name, index) => `import { ${name} as ${local}_${index} } from '${module}'; ${local}_${index};`).join(' ');
}

function withoutExports(text, path) {
  return (FOR_TESTS[path] ?? []).reduce((rest, name) => {
    const declared = `^export (?=(?:async )?(?:function\\*?|const|class|interface|type) ${name}\\b)`;
    const exported = new RegExp(`${declared}|(?<=^module.exports = \\{.*)\\b${name}\\b,?`, 'm');
    if (!exported.test(rest)) throw new Error(`tools/exports-for-tests.json: ${path} exports no '${name}'. Fix: remove it there.`);
    return rest.replace(exported, '');
  }, text).replace(/^module\.exports = \{[\s,]*\};$/m, '');
}

function read(text, file) {
  const path = relative(ROOT, file);
  if (!withoutTests) return withImports(text, path);
  return path.startsWith('test/') ? '' : withoutExports(withImports(text, path), path);
}

/** What is run or loaded by its path, and what users import. */
const NAMED_BY_PATH = [
  'src/index.ts', 'src/cli/{main,start,check-main}.ts', 'src/cli/**/json.ts', 'tools/jest/*.cjs', 'tools/knip.mjs', 'tools/mutation/*', 'tools/ci/run.cjs',
  'package-test/program/mesh.ts', 'conformance/compile.js', 'report-page/test/in-page.mjs',
];

export default {
  // `!`: also without the tests.
  entry: [
    'src/cli/{main,start,check-main}.ts!', '{conformance,exploration}/*.{js,ts}!',
    '{bench,fuzz,tools,package-test,report-page,action,examples}/**/*.{mjs,cjs,ts}!', 'test/**/*.test.ts',
  ],
  project: ['**/*.{ts,mjs,cjs,js}!'],
  include: ['exports', 'types', 'duplicates'],
  includeEntryExports: true, // package.json exports `./lib/*`: else each file would be an entry
  ignoreIssues: {
    ...Object.fromEntries(NAMED_BY_PATH.map((path) => [path, ['exports', 'types']])),
    'imports/**': ['exports', 'types'], // generated
  },
  compilers: { ts: read, mjs: read, cjs: read },
};
