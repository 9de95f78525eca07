// The command as a commit has it, compiled beside the working tree.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** @throws Error if the working tree's lib/ is missing, or older than what it is made of */
export function requireFreshBuild(root) {
  const built = statSync(join(root, 'lib', 'command', 'main.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const newer = ['src', 'imports'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .find((path) => /\.(ts|json)$/.test(path) && statSync(join(root, path)).mtimeMs > built);
  if (newer) throw new Error(`lib/ is ${built === 0 ? 'missing' : `older than ${newer}`}; expected a compiled working tree. Fix: npx projen compile`);
}

export class Build {
  #root;
  #commit;

  /** @throws Error if there is no such commit */
  constructor(root, commit, folder) {
    this.#root = root;
    this.folder = folder;
    this.#commit = done('git', ['rev-parse', '--verify', '--quiet', `${commit}^{commit}`], root, `'${commit}' is no commit`);
    this.name = this.#commit.slice(0, 9);
  }

  /** Dependencies are those of the working tree, if the lock file is. */
  make() {
    done('git', ['worktree', 'add', '--detach', '--quiet', this.folder, this.#commit], this.#root);
    const [ours, theirs] = [this.#root, this.folder].map((folder) => readFileSync(join(folder, 'package-lock.json'), 'utf8'));
    if (ours === theirs) symlinkSync(join(this.#root, 'node_modules'), join(this.folder, 'node_modules'), 'junction');
    else done('npm', ['ci', '--no-audit', '--no-fund'], this.folder);
    done('npx', ['--no-install', 'projen', 'compile'], this.folder);
  }

  /** Does nothing where nothing was made. */
  remove() {
    spawnSync('git', ['worktree', 'remove', '--force', this.folder], { cwd: this.#root });
  }
}

/** What a program prints, if it succeeds. */
function done(program, args, cwd, fault = `'${[program, ...args].join(' ')}' failed`) {
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26, shell: process.platform === 'win32' });
  if (status === 0) return stdout.trim();
  throw new Error([fault, error?.message, stdout, stderr].filter(Boolean).join('\n').trim());
}
