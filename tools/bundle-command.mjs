// Makes one file of the command, one of its second thread, and one of what MtlsAnalysis loads, which takes the place of jsii's:
// loading some 150 small files one by one takes longer than judging a small manifest. They are made of the TypeScript: of
// jsii's CommonJS each call from one former file to another would first look up a property, which takes a tenth of the
// time of a run that is never optimized.
import { readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Modules of Node that most runs don't need, and that take milliseconds to load. */
const LATE = ['child_process', 'v8', 'worker_threads'];
const { engines } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));

await bundle(['src/cli/start.ts', 'src/cli/main.ts', 'src/cli/admission-worker.ts'], 'lib/command', { external: ['tinyglobby'] });
await bundle(['src/integration/analysis-modules.ts'], 'lib/src/integration', { packages: 'external' });

async function bundle(entryPoints, outdir, options) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    platform: 'node',
    target: `node${engines.node.match(/\d+\.\d+/)[0]}`,
    legalComments: 'eof',
    minifyWhitespace: true,
    minifySyntax: true,
    plugins: [sharedData(outdir), lateBuiltins()],
    metafile: true,
    logLevel: 'warning',
    ...options,
  });
  for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
    const [wide] = /[^\0-\xff]/.exec(readFileSync(resolve(root, file), 'utf8')) ?? [];
    if (wide) throw new Error(`${file}: ${JSON.stringify(wide)} makes V8 keep the file with two bytes a character. Fix: escape it in the regular expression that holds it.`);
    console.log(`${file}\t${Math.round(bytes / 1024)} KiB`);
  }
}

/** Data and the CEL library stay where jsii has put them: all files share the one, and few runs need the other. */
function sharedData(outdir) {
  const inLib = (path) => resolve(root, 'lib', relative(root, path));
  return {
    name: 'shared-data',
    setup: ({ onResolve }) => onResolve({ filter: /^\..*(\.json|\/imports\/cel-js\/.*)$/ }, ({ resolveDir, path }) => ({
      path: relativeModule(resolve(root, outdir), inLib(resolve(resolveDir, path))),
      external: true,
    })),
  };
}

/** A module of `LATE` is loaded when something of it is first used. */
function lateBuiltins() {
  return {
    name: 'late-builtins',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: new RegExp(`^node:(${LATE.join('|')})$`) }, ({ path, namespace }) => (namespace === 'late' ? { path, external: true } : { path, namespace: 'late' }));
      onLoad({ filter: /./, namespace: 'late' }, async ({ path }) => {
        const names = Object.keys(await import(path)).filter((name) => name !== 'default');
        return { contents: `for (const name of ${JSON.stringify(names)}) Object.defineProperty(exports, name, { enumerable: true, get: () => require('${path}')[name] });` };
      });
    },
  };
}

function relativeModule(from, to) {
  const path = relative(from, to).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}
