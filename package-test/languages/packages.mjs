// The package of each language, made by the commands of docs/languages.md.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fences } from '../docs.mjs';
import { Project } from '../project.mjs';

const PAGE = 'docs/languages.md';

export class Packages {
  /** @param {Record<string, string>} versions of npm packages, by name */
  constructor({ root, workspace, versions }) {
    this.root = root;
    this.checkout = new Project(root);
    /** Projects of users lie beside it: to them it is `../packages`, as on the page. */
    this.folder = join(workspace, 'packages');
    this.versions = versions;
    [this.translate, this.pacmak] = this.commands('## Packages')[0].trim().split('\n').slice(-2);
  }

  /** What the page tells users to type under a heading. */
  commands(heading, language = 'sh') {
    return fences(this.root, PAGE, heading, language);
  }

  compile() {
    this.checkout.run('npx', ['--no-install', 'projen', 'compile']);
    this.checkout.run('sh', ['-ec', this.translate]);
    return true;
  }

  /** Packs this library. Fails on an example that wasn't translated, but in Go, which repeats those of cdk8s' classes. */
  pack(target, ...flags) {
    return this.#pack(this.pacmak.replace('--target python', `--target ${target}`), target, [...flags, ...target === 'go' ? [] : ['--rosetta-unknown-snippets=fail']]);
  }

  /** Packs a library that this one needs, for a language whose registry doesn't have it. */
  packDependency(name, target, ...flags) {
    return this.#pack(this.pacmak.replace('--target python', `node_modules/${name} --target ${target}`), target, flags);
  }

  /** `name@version`, or for pip `name==version`. */
  pinned(name, by = '@') {
    return `${name}${by}${this.versions[name]}`;
  }

  #pack(command, target, flags) {
    this.checkout.run('sh', ['-ec', [command.replace('../packages', this.folder), '--no-npmignore', ...flags].join(' ')]);
    return join(this.folder, target);
  }
}

/** The only file of a folder whose name ends so. */
export function fileIn(folder, end) {
  const [found, ...more] = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(end)) : [];
  if (!found || more.length > 0) throw new Error(`expected one file *${end} in ${folder}`);
  return join(folder, found);
}
