import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import * as ts from 'typescript';

const README = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');

/** The first fence of a language after a heading. */
function fence(heading: string, language: string): string {
  const after = README.slice(README.indexOf(heading));
  return new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(after)![1];
}

test('the first example writes the YAML that is shown', () => {
  const { outputText } = ts.transpileModule(fence('## A first example', 'ts'), { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const outdir = mkdtempSync(join(tmpdir(), 'readme-'));
  process.env.CDK8S_OUTDIR = outdir;
  try {
    new Function('require', 'exports', outputText)((name: string) => jest.requireActual(name), {});
    const written = readdirSync(outdir).sort().flatMap((file) => yaml.loadAll(readFileSync(join(outdir, file), 'utf8')) as any[]);
    expect(written.filter(({ kind }) => kind === 'PeerAuthentication')).toEqual(yaml.loadAll(fence('## A first example', 'yaml')));
  } finally {
    delete process.env.CDK8S_OUTDIR;
    rmSync(outdir, { recursive: true });
  }
});
