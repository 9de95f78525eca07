// Whether the suite fails when it should: breaks a copy of the compiled model in many places, one at a time, and sees
// whether random meshes tell it from istiod; then the reader of YAML, with random texts. Needs Go, and a compiled lib/:
//   node conformance/self-test.mjs [--meshes N] [--texts N] [--seed S]
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compareMesh, modelIn } from './connections/comparing.mjs';
import { judgedMeshes } from './connections/judging.mjs';
import { sampleMeshes } from './generators/mesh.mjs';
import { ConnectionJudge } from './node/connection-judge.mjs';
import { main } from './node/main.mjs';
import { BREAKS } from './self-test/breaks.mjs';
import { brokenReaders } from './self-test/yaml.mjs';

/** How many meshes are under the flags by which alone a break shows. */
const UNDER_FLAGS = 1000;

const SOURCES = join(dirname(fileURLToPath(import.meta.url)), '..', 'lib', 'src');

/** The model, and what it uses. */
const COPIED = ['mesh', 'findings', 'manifests'];

await main(async () => {
  const options = { meshes: { type: 'string', default: '6000' }, texts: { type: 'string', default: '3000' }, seed: { type: 'string', default: '1' } };
  const { values: { meshes, texts, seed } } = parseArgs({ options });
  const judged = await judgedOnce(Number(seed), Number(meshes));
  const scratch = mkdtempSync(join(tmpdir(), 'self-test-'));
  try {
    const model = modelIn(copy(scratch, 'whole'));
    const whole = differing(model, judged);
    // A mesh on which the model differs anyway shows no break.
    const sound = (meshes) => meshes.filter(({ mesh, verdict }) => !differs(model, mesh, verdict));
    const usual = sound(judged);
    console.log(`the model as it is: ${whole === undefined ? `none of ${judged.length} meshes differs` : `mesh ${whole} differs, and none should`}`);
    const caught = [];
    for (const [index, broken] of BREAKS.entries()) {
      const meshes = broken.under ? sound(await judgedOnce(Number(seed), UNDER_FLAGS, broken.under)) : usual;
      const mesh = differing(modelIn(copy(scratch, String(index), broken)), meshes);
      console.log(`${mesh === undefined ? 'MISSED' : `caught by mesh ${mesh}`}: ${broken.name}`);
      caught.push(mesh !== undefined);
    }
    const readers = await brokenReaders({ seed: Number(seed), count: Number(texts), print: console.log });
    const passed = caught.filter(Boolean).length + Number(whole === undefined) + readers.passed;
    const failed = caught.length + 1 + readers.passed + readers.failed - passed;
    console.log(`${passed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

/** The verdicts are the same for each break. All meshes may be under flags that one in forty has. */
async function judgedOnce(seed, count, under = {}) {
  const judge = new ConnectionJudge();
  try {
    const judged = [];
    const meshes = sampleMeshes(seed, count).map((mesh) => ({ ...mesh, istiodEnv: { ...mesh.istiodEnv, ...under } }));
    for await (const one of judgedMeshes(judge, meshes)) if (!one.verdict.error) judged.push(one);
    return judged;
  } finally {
    judge.close();
  }
}

/** A lib/ folder of the model alone, broken or not. */
function copy(scratch, name, broken) {
  const lib = join(scratch, name);
  for (const folder of COPIED) {
    cpSync(join(SOURCES, folder), join(lib, 'src', folder), { recursive: true, filter: (source) => !source.endsWith('.d.ts') });
  }
  if (broken) {
    const file = join(lib, 'src', 'mesh', broken.file);
    const parts = readFileSync(file, 'utf8').split(broken.find);
    if (parts.length !== 2) {
      throw new Error(`break '${broken.name}': ${broken.file} holds '${broken.find}' ${parts.length - 1} times; expected once. Fix: write the break anew.`);
    }
    writeFileSync(file, parts.join(broken.replace));
  }
  return lib;
}

/** The first mesh on which a model and istiod differ. */
function differing(Mesh, judged) {
  return judged.find(({ mesh, verdict }) => differs(Mesh, mesh, verdict))?.mesh.id;
}

/** A model that throws is caught too. */
function differs(Mesh, mesh, verdict) {
  try {
    return compareMesh(Mesh, mesh, verdict).differences.length > 0;
  } catch {
    return true;
  }
}
