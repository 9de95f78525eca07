// The commands of the Dockerfile, run one by one in a folder that stands for the image. No image is built: that the base image
// has what they need, and that they work as its users, is not shown.
import { copyFileSync, readFileSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { holds, sameText } from './checks.mjs';
import { fences } from './docs.mjs';
import { Project } from './project.mjs';

const MANIFEST = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: istio-system}\nspec: {mtls: {mode: STRICT}}\n';

export async function image(checks, { root, file, workspace }) {
  const folder = join(workspace, 'image');
  const text = readFileSync(join(root, 'Dockerfile'), 'utf8');
  const environment = {
    HOME: join(folder, 'root'),
    npm_config_cache: join(folder, 'root', '.npm'),
    npm_config_prefix: join(folder, 'usr', 'local'),
    PATH: [join(folder, 'usr', 'local', 'bin'), process.env.PATH].join(delimiter),
  };
  let place = new Project(folder);
  let entrypoint;
  const instructions = {
    FROM: (base) => holds(base, 'node:22'),
    WORKDIR: (path) => { place = new Project(join(folder, path)); },
    COPY: (paths) => copy(dirname(file), paths.split(' '), place.folder),
    RUN: (commands) => commands.split(' && ').forEach((command) => place.run('sh', ['-ec', command], { env: environment })),
    USER: () => undefined,
    ENTRYPOINT: (words) => { entrypoint = JSON.parse(words); },
  };

  for (const [, name, rest] of text.matchAll(/^([A-Z]+) (.*)$/gm)) {
    await checks.check(`Dockerfile: ${name} ${rest}`, () => instructions[name](rest));
  }
  await checks.check('Dockerfile: the entry point runs what docs/pipeline.md shows', () => {
    const [, words] = /istio-mtls (check .*)$/m.exec(fences(root, 'docs/pipeline.md', '## In a container', 'sh')[0]);
    place.write('dist/mesh.yaml', MANIFEST);
    holds(place.run(entrypoint[0], [...entrypoint.slice(1), ...words.trim().split(' ')], { env: environment }), '1 object in 1 file');
  });
  await checks.check('Dockerfile: .dockerignore lets in the tarball alone', () => sameText(readFileSync(join(root, '.dockerignore'), 'utf8'), '*\n!cdk8s-istio-mtls-*.tgz\n'));
}

/** The one file of a folder that a pattern names, copied into another folder. */
function copy(from, [pattern, to], folder) {
  const named = new RegExp(`^${pattern.split('*').map((part) => part.replaceAll('.', '\\.')).join('.*')}$`);
  const files = readdirSync(from).filter((name) => named.test(name));
  if (files.length !== 1) throw new Error(`${pattern} names ${files.length} files; expected one`);
  copyFileSync(join(from, files[0]), join(folder, to, files[0]));
}
