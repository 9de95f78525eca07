// Adopts each file of Istio's samples as a program of constructs, runs it, and compares what it writes with the file.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { LIB, libraryModule } from '../library';

/** What `adopt` wrote. */
interface Adopted {
  readonly objects: number;
  readonly byConstructs: number;
  readonly leftOut: number;
  /** Files of which the program writes other objects than it says. */
  readonly faults: readonly string[];
}

/** @param files manifests, by their names; objects without a namespace go to `default` */
export function adoptedIn(files: readonly (readonly [name: string, text: string])[]): Adopted {
  const { adopt } = libraryModule('adoption/adoption');
  const { asApplied } = libraryModule('manifests/as-applied');
  const { readManifests } = libraryModule('manifests/manifests');
  const faults: string[] = [];
  let [count, byConstructs, without] = [0, 0, 0];
  for (const [name, text] of files) {
    const objects = readManifests(text, name).documents.map((document) => document.inNamespace('default').object);
    const { program, constructs, leftOut } = adopt(objects, {});
    const names = new Set(leftOut.map(({ object }) => object));
    const kept = objects.filter((object) => !names.has(nameOf(object)));
    const expected = inOrder(kept.map((object) => inCurrentVersion(asApplied(object))));
    if (!isDeepStrictEqual(inOrder(writtenBy(program)), expected) || kept.length + leftOut.length !== objects.length) faults.push(name);
    count += objects.length;
    byConstructs += Object.values(constructs).reduce((sum, one) => sum + one, 0);
    without += leftOut.length;
  }
  return { objects: count, byConstructs, leftOut: without, faults };
}

/** A program has the version of an API that constructs write, whichever served version the file has. */
function inCurrentVersion(object: object): object {
  const current = libraryModule('adoption/proposals/proposals').currentVersion(object as Readonly<Record<string, unknown>>);
  return current === undefined ? object : { ...object, apiVersion: current };
}

function writtenBy(program: string): readonly object[] {
  const { readManifests } = libraryModule('manifests/manifests');
  const { outputText } = transpileModule(program, { compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 } });
  const load = createRequire(join(LIB, 'src', 'index.js'));
  const outdir = mkdtempSync(join(tmpdir(), 'adopted-'));
  process.env.CDK8S_OUTDIR = outdir;
  try {
    new Function('require', 'exports', outputText)((module: string) => load(module === 'cdk8s-istio-mtls' ? './index.js' : module), {});
    return readdirSync(outdir).flatMap((file) => readManifests(readFileSync(join(outdir, file), 'utf8'), file).documents.map(({ object }) => object));
  } finally {
    delete process.env.CDK8S_OUTDIR;
    rmSync(outdir, { recursive: true });
  }
}

/** As what was left out is called. */
function nameOf({ kind, metadata }: Readonly<Record<string, unknown>>): string {
  const { namespace, name = '(without a name)' } = (metadata ?? {}) as { readonly namespace?: string; readonly name?: string };
  return `${String(kind ?? 'Object')} ${[namespace, name].filter(Boolean).join('/')}`;
}

function inOrder(objects: readonly object[]): readonly string[] {
  return objects.map((object) => JSON.stringify(sorted(object))).sort();
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, one]) => [key, sorted(one)]));
}
