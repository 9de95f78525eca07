// Synthesizes the example mesh with the real `cdk8s synth`: npm run demo. Runs in a fresh clone, so it uses
// nothing but Node until everything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const mesh = join(root, 'examples', 'bookinfo');
const require = createRequire(import.meta.url);

function run(what, command, args, cwd = root) {
  console.log(`\n${what}`);
  const env = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1' };
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8', shell: process.platform === 'win32' });
  if (error || status !== 0) {
    console.error([stdout, stderr, error?.message].filter(Boolean).join('\n'));
    console.error(`demo: '${[command, ...args].join(' ')}' failed in ${cwd}; expected it to succeed. Fix: run it there to see why.`);
    process.exit(1);
  }
}

/** The objects of the synthesized files, file by file. */
function synthesized(folder) {
  const yaml = require('js-yaml');
  return readdirSync(folder).sort().map((file) => ({
    file,
    text: readFileSync(join(folder, file), 'utf8'),
    objects: yaml.loadAll(readFileSync(join(folder, file), 'utf8')).filter(Boolean),
  }));
}

function countByKind(objects) {
  const counts = new Map();
  for (const { kind } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => `${count} ${kind}`).join(', ');
}

function policyLine({ metadata, spec }) {
  const ports = Object.entries(spec.portLevelMtls ?? {}).map(([port, { mode }]) => `, port ${port} ${mode}`).join('');
  const pods = spec.selector ? ` for ${Object.entries(spec.selector.matchLabels).map((label) => label.join('=')).join(', ')}` : '';
  return `  PeerAuthentication ${metadata.namespace}/${metadata.name}: ${spec.mtls?.mode ?? 'as above'}${ports}${pods}`;
}

if (!existsSync(join(root, 'node_modules', '.bin', 'projen'))) run('Installing …', 'npm', ['ci']);
run('Compiling …', 'npx', ['--no-install', 'projen', 'compile']);
const dist = join(mesh, 'dist');
rmSync(dist, { recursive: true, force: true });
run('Synthesizing examples/bookinfo with cdk8s synth …', 'npx', ['--no-install', 'cdk8s', 'synth', '--check-upgrade', 'false'], mesh);

const files = synthesized(dist);
for (const { file, text, objects } of files) {
  const ours = objects.some(({ apiVersion }) => apiVersion.includes('istio.io/'));
  console.log(`\nexamples/bookinfo/dist/${file}: ${countByKind(objects)}`);
  if (ours) console.log(text.trimEnd().split('\n---\n').filter((document) => document.includes('istio.io/')).join('\n---\n').replace(/^/gm, '  '));
}
const all = files.flatMap(({ objects }) => objects);
console.log(`\nIn all: ${countByKind(all)}. Who accepts what:`);
console.log(all.filter(({ kind }) => kind === 'PeerAuthentication').map(policyLine).join('\n'));

const command = join(root, 'bin', 'istio-mtls');
const told = (...args) => spawnSync(process.execPath, [command, ...args], { cwd: root, encoding: 'utf8' }).stdout.trimEnd().replace(/^/gm, '  ');
console.log('\nWhat will happen in it: istio-mtls check examples/bookinfo/dist');
console.log(told('check', 'examples/bookinfo/dist'));
console.log('\nWhy: istio-mtls connections examples/bookinfo/dist --client bookinfo/productpage-v1');
console.log(told('connections', 'examples/bookinfo/dist', '--client', 'bookinfo/productpage-v1'));
