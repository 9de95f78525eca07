import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { folderWith } from './scratch';
import { adopt, Adoption } from '../../src/adoption/adoption';
import { readManifests } from '../../src/manifests/manifests';
import { ControlPlaneFacts } from '../../src/mesh/config/control-plane-facts';

/** Objects as a text of YAML has them. */
export function objectsIn(text: string): readonly any[] {
  const { documents, problems } = readManifests(text, 'a.yaml');
  expect(problems).toEqual([]);
  return documents.map(({ object }) => object);
}

/** The program of objects, or of a text of YAML. */
export function adopted(objects: string | readonly any[], facts: ControlPlaneFacts = {}): Adoption {
  return adopt(typeof objects === 'string' ? objectsIn(objects) : objects, facts);
}

/** What a program writes when it is run. */
export function synthOf(program: string): readonly any[] {
  const { outputText } = ts.transpileModule(program, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const outdir = folderWith({});
  const before = process.env.CDK8S_OUTDIR;
  process.env.CDK8S_OUTDIR = outdir;
  try {
    new Function('require', 'exports', outputText)((name: string) => jest.requireActual(name), {});
    return readdirSync(outdir).sort().flatMap((file) => objectsIn(readFileSync(join(outdir, file), 'utf8')));
  } finally {
    if (before === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = before;
  }
}

/** Objects as texts, in the order of the alphabet, whatever the order of their keys. */
export function inOrder(objects: readonly any[]): readonly string[] {
  return objects.map((object) => JSON.stringify(sorted(object))).sort();
}

function sorted(value: any): any {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}
