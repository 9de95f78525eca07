// A folder as a user has it: what is installed in it, and the programs that run there.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const INSTALL = ['install', '--no-audit', '--no-fund', '--prefer-offline'];

export class Project {
  constructor(folder) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  path(name) {
    return join(this.folder, name);
  }

  read(name) {
    return readFileSync(this.path(name), 'utf8');
  }

  write(name, text) {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), text);
  }

  install(...packages) {
    return this.run('npm', [...INSTALL, ...packages]);
  }

  /** What a program prints. Throws with all of it when it ends otherwise than it should. */
  run(command, args, { status = 0, env = {} } = {}) {
    const done = spawnSync(command, args, { cwd: this.folder, env: { ...userEnvironment(), ...env }, encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
    if (done.error || done.status !== status) {
      const printed = [done.error?.message, done.stderr, done.stdout].filter(Boolean).join('\n');
      throw new Error(`'${[command, ...args].join(' ')}' ended with ${done.status}; expected ${status}\n${printed.slice(-6000)}`);
    }
    return done.stdout;
  }
}

/** The environment without what `npm run` adds to it: this repository's programs and settings must not be found there. */
function userEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_(package|lifecycle)_.*|npm_config_(local_)?prefix|npm_command|INIT_CWD|NODE_OPTIONS|NODE_PATH)$/i.test(name));
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !/node_modules[\\/]\.bin|node-gyp-bin/.test(folder)).join(delimiter);
  return { ...Object.fromEntries(kept), PATH: path, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1', FORCE_COLOR: '0' };
}
