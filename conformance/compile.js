// Installs and compiles in a fresh clone, with nothing but Node.
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');

/** @param program the name of the program that fails where this does */
function run(program, what, command, args) {
  console.log(what);
  const env = { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1' };
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: root, env, encoding: 'utf8', shell: process.platform === 'win32' });
  if (!error && status === 0) return;
  console.error([stdout, stderr, error?.message].filter(Boolean).join('\n'));
  console.error(`${program}: '${[command, ...args].join(' ')}' failed; expected it to succeed. Fix: run it to see why.`);
  process.exit(1);
}

exports.compile = (program) => {
  if (!existsSync(join(root, 'node_modules', '.bin', 'projen'))) run(program, 'Installing …', 'npm', ['ci']);
  run(program, 'Compiling …', 'npx', ['--no-install', 'projen', 'compile']);
};
