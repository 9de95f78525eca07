// What the command is run on: manifests in files, and what is told besides.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { dump } from 'js-yaml';
import { meshYaml } from '../../bench/mesh.mjs';
import { mutated } from '../../fuzz/mutations.mjs';
import { Random } from '../../fuzz/random.mjs';

const require = createRequire(import.meta.url);
require('../../conformance/typescript.js');
const { sampleMeshes } = require('../../conformance/generators/mesh.ts');

/** Of so many random meshes, one is judged as a change, too; and so many have one text that is changed at random. */
const MESHES_A_CHANGE = 5;

/**
 * Writes all inputs into a folder. Each has a path in it, and may have a path of facts, variables of istiod, a cluster
 * domain, and options that leave only a part of its connections.
 */
export function writeInputs(root, folder, { meshes, seed }) {
  // Whatever lies above the folder configures nothing.
  mkdirSync(join(folder, '.git'));
  return [
    ...fixtures(root, folder),
    ...examples(root, folder),
    ...keptMeshes(root).flatMap((mesh, index) => written(folder, `kept/${index}`, mesh)),
    ...sampleMeshes(seed, meshes).flatMap((mesh, index) => written(folder, `random/${index}`, mesh, index % MESHES_A_CHANGE === 0)),
    ...Array.from({ length: Math.ceil(meshes / MESHES_A_CHANGE) }, (_, index) => text(folder, `spoiled/${index}.yaml`, mutated(new Random(seed + index)))),
    ...benchmarks(folder),
  ];
}

/** The manifests that tests have as files. */
function fixtures(root, folder) {
  return yamlFiles(join(root, 'test')).map((path) => text(folder, join('test', path), readFileSync(join(root, 'test', path), 'utf8')));
}

/** What the examples that are apps synthesize, and the manifests beside them. */
function examples(root, folder) {
  const names = readdirSync(join(root, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return names.flatMap((app) => {
    const cwd = join(root, 'examples', app);
    const synthesized = existsSync(join(cwd, 'main.ts')) ? synthesizedBy(app, cwd, folder) : [];
    const beside = yamlFiles(cwd).filter((path) => !path.startsWith('dist'));
    return [...synthesized.map((path) => ({ path })), ...beside.map((path) => text(folder, join('examples', `${app}-files`, path), readFileSync(join(cwd, path), 'utf8')))];
  });
}

/** The folders that an app writes. */
function synthesizedBy(app, cwd, folder) {
  const outdir = join(folder, 'examples', app);
  const { status, error, stderr } = spawnSync(process.execPath, ['--require', 'ts-node/register/transpile-only', 'main.ts'], {
    cwd, encoding: 'utf8', env: { ...process.env, CDK8S_OUTDIR: outdir },
  });
  if (status !== 0) throw new Error(`examples/${app} can't be synthesized:\n${error?.message ?? stderr}`);
  return [...new Set(yamlFiles(outdir).map((path) => dirname(join('examples', app, path))))];
}

/** The meshes that once were decided wrong, and those of which istiod's verdict is recorded. */
function keptMeshes(root) {
  const regressions = join(root, 'test', 'mesh', 'regressions');
  const recorded = readFileSync(join(root, 'test', 'mesh', 'recorded', 'meshes.jsonl'), 'utf8').trim().split('\n');
  const kept = readdirSync(regressions, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.json')).sort();
  return [...kept.map((path) => readFileSync(join(regressions, path), 'utf8')), ...recorded]
    .map((line) => JSON.parse(line));
}

/** All of its millions of connections would take minutes a format. */
function benchmarks(folder) {
  const { path } = text(folder, 'bench/mesh.yaml', meshYaml());
  return [{ path, only: ['--client', 'ns-0/svc-0'] }, { path, only: ['--service', 'ns-1/svc-1:80'], verbs: ['connections'] }];
}

/** A mesh in a file, and if asked once more with every other object as a fact. */
function written(folder, name, { objects, istiodEnv, clusterDomain }, isChange = false) {
  const told = { istiodEnv, clusterDomain };
  const whole = { ...text(folder, `${name}.yaml`, yamlOf(objects)), ...told };
  if (!isChange) return [whole];
  const [judged, facts] = [0, 1].map((rest) => yamlOf(objects.filter((_, index) => index % 2 === rest)));
  return [whole, { ...text(folder, `${name}-judged.yaml`, judged), facts: text(folder, `${name}-facts.yaml`, facts).path, ...told }];
}

function yamlOf(objects) {
  return objects.map((object) => dump(object, { noRefs: true, lineWidth: -1 })).join('---\n');
}

function text(folder, path, content) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
  return { path };
}

function yamlFiles(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.ya?ml$/.test(path)).sort();
}
