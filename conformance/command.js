// npm run conformance: runs in a fresh clone, so it uses nothing but Node until everything is installed and compiled.
// What is judged is always what the sources say, so they are compiled anew.
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');

function run(what, command, args) {
  console.log(what);
  const env = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1' };
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: root, env, encoding: 'utf8', shell: process.platform === 'win32' });
  if (!error && status === 0) return;
  console.error([stdout, stderr, error?.message].filter(Boolean).join('\n'));
  console.error(`conformance: '${[command, ...args].join(' ')}' failed; expected it to succeed. Fix: run it to see why.`);
  process.exit(1);
}

if (!existsSync(join(root, 'node_modules', '.bin', 'projen'))) run('Installing …', 'npm', ['ci']);
run('Compiling …', 'npx', ['--no-install', 'projen', 'compile']);
require('./typescript.js');
require('./run.ts');
