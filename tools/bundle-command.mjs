// Makes one file of the command, one of what `check` alone needs, one for each kind that istiod's webhook judges, one of
// the second thread, one of the library for patterns of paths, and one of what MtlsAnalysis loads, which takes the place of
// jsii's: loading some 150 small files one by one takes longer than judging a small manifest. They are made of the
// TypeScript: of jsii's CommonJS each call from one former file to another would first look up a property, which takes a
// tenth of the time of a run that is never optimized.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Modules of Node that most runs don't need, and that take milliseconds to load. */
const LATE = ['child_process', 'crypto', 'v8', 'worker_threads', 'zlib'];
const { engines } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));

/** A package looks for another one that its file holds: a user's bundler would warn that it isn't installed. */
const WITHIN = { 'require.resolve': 'String' };
/** For files whose names no stack trace of a user's shows: the second thread hands over plain data. */
const SHORT = { minifyIdentifiers: true };

/** The packages of which bundled files hold code, by their folders. */
const bundled = new Set();

const webhook = ownFiles('src/admission/webhook/webhook.ts', 'webhook');
await bundle(['src/cli/start.ts', 'src/cli/check-main.ts', 'src/cli/main.ts'], 'lib/command', { external: ['asn1js'] }, [webhook.plugin, inLibrary('src/adoption/', 'lib/command'), besides('tinyglobby')]);
await bundle({ tinyglobby: createRequire(import.meta.url).resolve('tinyglobby') }, 'lib/command', { define: WITHIN });
await bundle([...webhook.entryPoints], 'lib/command/webhook', { entryNames: '[name]' });
await bundle(['src/cli/admission/admission-worker.ts'], 'lib/command', { external: ['asn1js'], ...SHORT });
await bundlePage();
await bundle(['src/integration/analysis-modules.ts'], 'lib/src/integration', { packages: 'external' }, [besides('tinyglobby', '../../command')]);
writeFileSync(resolve(root, 'lib/command/LICENSES'), [...bundled].sort().map(licenceOf).join('\n'));

async function bundle(entryPoints, outdir, options = {}, plugins = []) {
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
    plugins: [...plugins, sharedData(outdir), lateBuiltins()],
    metafile: true,
    logLevel: 'warning',
    ...options,
  });
  for (const [file, { bytes, inputs }] of Object.entries(metafile.outputs)) {
    for (const input of Object.keys(inputs)) {
      const [folder] = /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? [];
      if (folder) bundled.add(folder);
    }
    const [wide] = /[^\0-\x7f]/.exec(readFileSync(resolve(root, file), 'utf8')) ?? [];
    if (wide) throw new Error(`${file}: ${JSON.stringify(wide)} is no ASCII, as which the file is read. Fix: escape it in the regular expression that holds it.`);
    console.log(`${file}\t${Math.round(bytes / 1024)} KiB`);
  }
}

/** What a report's page needs, for browsers: it stands in the page itself. */
async function bundlePage() {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['report-page/page.ts', 'report-page/page.css'],
    outdir: 'lib/report',
    bundle: true,
    format: 'iife',
    target: ['es2023', 'chrome123', 'firefox120', 'safari17.5'],
    charset: 'ascii',
    minify: true,
    legalComments: 'none', // the licence of what is bundled stands in the page
    banner: { js: pageLicence() },
    metafile: true,
    logLevel: 'warning',
  });
  for (const [file, { bytes }] of Object.entries(metafile.outputs)) console.log(`${file}\t${Math.round(bytes / 1024)} KiB`);
}

/** The licence of the library of graphs, which goes with each page. */
function pageLicence() {
  return `/* With @dagrejs/dagre and @dagrejs/graphlib:\n${licenceOf('node_modules/@dagrejs/dagre')}*/`;
}

/** A package and its licence, which has to go with each copy of its code. */
function licenceOf(folder) {
  const { name, version } = JSON.parse(readFileSync(resolve(root, folder, 'package.json'), 'utf8'));
  const file = readdirSync(resolve(root, folder)).find((one) => /^licen[cs]e(\.|$)/i.test(one));
  if (!file) throw new Error(`${folder}: no licence; expected one, as its code is bundled. Fix: leave it out of the bundle.`);
  return `${name} ${version}\n\n${readFileSync(resolve(root, folder, file), 'utf8')}`;
}

/**
 * What a module loads late gets a file of its own: V8 looks through all of a file before it runs, and most manifests have few
 * kinds. Each file holds all that it needs, what others hold, too: so what they hand each other must be plain data.
 */
function ownFiles(module, folder) {
  const entryPoints = new Set();
  const plugin = {
    name: 'own-files',
    setup: ({ onResolve }) => onResolve({ filter: /^\.\// }, ({ kind, importer, resolveDir, path }) => {
      if (kind !== 'require-call' || importer !== resolve(root, module)) return undefined;
      entryPoints.add(`${resolve(resolveDir, path)}.ts`);
      return { path: `./${folder}/${basename(path)}.js`, external: true };
    }),
  };
  return { entryPoints, plugin };
}

/** What needs cdk8s, and the library with it, stays where jsii has put it: one verb loads it. What it hands the command must be plain data. */
function inLibrary(folder, outdir) {
  return {
    name: 'in-library',
    setup: ({ onResolve }) => onResolve({ filter: /^\.\.?\// }, ({ kind, resolveDir, path }) => {
      const file = resolve(resolveDir, path);
      if (kind !== 'require-call' || !file.startsWith(resolve(root, folder) + sep)) return undefined;
      return { path: relativeModule(resolve(root, outdir), `${resolve(root, 'lib', relative(root, file))}.js`), external: true };
    }),
  };
}

/** A package that few runs need has a file of its own, in the folder of the bundle or in another one. */
function besides(name, folder = '.') {
  return { name: 'besides', setup: ({ onResolve }) => onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: `${folder}/${name}.js`, external: true })) };
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
