// Makes one file of the command, and one of its second thread, beside jsii's lib/src: loading some 150 small files one by one
// takes longer than judging a small manifest. They are made of the TypeScript: of jsii's CommonJS each call from one former
// file to another would first look up a property, which takes a tenth of the time of a run that is never optimized.
import { readFileSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = resolve(root, 'lib/command');
const { engines } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));

/** Data stays where jsii has put it: the two files and the library share it. */
const sharedData = {
  name: 'shared-data',
  setup: ({ onResolve }) => onResolve({ filter: /^\..*\.json$/ }, ({ resolveDir, path }) => ({
    path: relative(outdir, resolve(root, 'lib', relative(root, resolve(resolveDir, path)))).split(sep).join('/'),
    external: true,
  })),
};

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/cli/main.ts', 'src/cli/admission-worker.ts'],
  outdir,
  bundle: true,
  platform: 'node',
  target: `node${engines.node.match(/\d+\.\d+/)[0]}`,
  legalComments: 'eof',
  minifyWhitespace: true,
  minifySyntax: true,
  plugins: [sharedData],
  metafile: true,
  logLevel: 'warning',
});
for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
  const [wide] = /[^\0-\xff]/.exec(readFileSync(resolve(root, file), 'utf8')) ?? [];
  if (wide) throw new Error(`${file}: ${JSON.stringify(wide)} makes V8 keep the file with two bytes a character. Fix: escape it in the regular expression that holds it.`);
  console.log(`${file}\t${Math.round(bytes / 1024)} KiB`);
}
