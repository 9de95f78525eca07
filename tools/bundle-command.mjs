// Makes one file of the compiled command, and one of its second thread, beside jsii's lib/src: loading some 150 small files one by
// one takes longer than judging a small manifest.
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
    path: relative(outdir, resolve(resolveDir, path)).split(sep).join('/'),
    external: true,
  })),
};

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['lib/src/cli/main.js', 'lib/src/cli/admission-worker.js'],
  outdir,
  bundle: true,
  platform: 'node',
  target: `node${engines.node.match(/\d+\.\d+/)[0]}`,
  legalComments: 'eof',
  plugins: [sharedData],
  metafile: true,
  logLevel: 'warning',
});
for (const [file, { bytes }] of Object.entries(metafile.outputs)) console.log(`${file}\t${Math.round(bytes / 1024)} KiB`);
