import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import { folderWith } from '../command/scratch';

/** A program of examples/, run anew in this process: the texts that it writes, by file. The caller removes the folder that it wrote them to. */
export function exampleTexts(name: string): Record<string, string> {
  const outdir = folderWith({});
  process.env.CDK8S_OUTDIR = outdir;
  try {
    jest.isolateModules(() => jest.requireActual(`../../../examples/${name}/main`));
    return Object.fromEntries(readdirSync(outdir).sort().map((file) => [file, readFileSync(join(outdir, file), 'utf8')]));
  } finally {
    delete process.env.CDK8S_OUTDIR;
  }
}

/** The objects in texts, by file. */
export function objectsIn(texts: Record<string, string>): Record<string, any[]> {
  return Object.fromEntries(Object.entries(texts).map(([file, text]) => [file, yaml.loadAll(text)]));
}
