// Whether the suite fails when it should: breaks a copy of the compiled model in many places, one at a time, and sees
// whether random meshes tell it from istiod; then the reader of YAML, with random texts. Needs Go, and a compiled lib/:
//   node conformance self-test [--meshes N] [--texts N] [--seed S]
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareMesh, modelIn, type Model } from './connections/comparing';
import { judgedMeshes, type Judged } from './connections/judging';
import type { MeshVerdict } from './connections/verdict';
import { sampleMeshes } from './generators/mesh';
import { LIB } from './library';
import type { JudgedMesh } from './manifest';
import { ConnectionJudge } from './node/connection-judge';
import { main } from './node/main';
import { brokenReaders } from './self-test/yaml';

/** How many meshes are under the flags by which alone a break shows. */
const UNDER_FLAGS = 1000;

const SOURCES = join(LIB, 'src');

/** The model, and what it uses. */
const COPIED = ['mesh', 'findings', 'manifests'];

/** A change of the compiled model: `find` must be in the file once. */
interface Break {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Variables of istiod under which alone it shows. */
  readonly under?: Readonly<Record<string, string>>;
}

void main(async () => {
  const breaks: readonly Break[] = (await import('./self-test/breaks.mjs')).BREAKS;
  const options = { meshes: { type: 'string', default: '6000' }, texts: { type: 'string', default: '3000' }, seed: { type: 'string', default: '1' } } as const;
  const { values: { meshes, texts, seed } } = parseArgs({ options });
  const judged = await judgedOnce(Number(seed), Number(meshes));
  const scratch = mkdtempSync(join(tmpdir(), 'self-test-'));
  try {
    const model = modelIn(copy(scratch, 'whole'));
    const whole = differing(model, judged);
    // A mesh on which the model differs anyway shows no break.
    const sound = (all: readonly Judged[]) => all.filter(({ mesh, verdict }) => !differs(model, mesh, verdict));
    const usual = sound(judged);
    console.log(`the model as it is: ${whole === undefined ? `none of ${judged.length} meshes differs` : `mesh ${whole} differs, and none should`}`);
    const caught: boolean[] = [];
    for (const [index, broken] of breaks.entries()) {
      const among = broken.under ? sound(await judgedOnce(Number(seed), UNDER_FLAGS, broken.under)) : usual;
      const mesh = differing(modelIn(copy(scratch, String(index), broken)), among);
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
async function judgedOnce(seed: number, count: number, under: Readonly<Record<string, string>> = {}): Promise<Judged[]> {
  const judge = new ConnectionJudge();
  try {
    const judged: Judged[] = [];
    const meshes = sampleMeshes(seed, count).map((mesh) => ({ ...mesh, istiodEnv: { ...mesh.istiodEnv, ...under } }));
    for await (const one of judgedMeshes(judge, meshes)) if (!one.verdict.error) judged.push(one);
    return judged;
  } finally {
    judge.close();
  }
}

/** A lib/ folder of the model alone, broken or not. */
function copy(scratch: string, name: string, broken?: Break): string {
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
function differing(Mesh: Model, judged: readonly Judged[]): string | undefined {
  return judged.find(({ mesh, verdict }) => differs(Mesh, mesh, verdict))?.mesh.id;
}

/** A model that throws is caught too. */
function differs(Mesh: Model, mesh: JudgedMesh, verdict: MeshVerdict): boolean {
  try {
    return compareMesh(Mesh, mesh, verdict).differences.length > 0;
  } catch {
    return true;
  }
}
