import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import * as ts from 'typescript';

const PAGE = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'callers.md'), 'utf8');

function fence(language: string): string {
  return new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(PAGE)![1];
}

test('the first example writes the YAML that is shown', () => {
  const { outputText } = ts.transpileModule(fence('ts'), { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const outdir = mkdtempSync(join(tmpdir(), 'callers-'));
  process.env.CDK8S_OUTDIR = outdir;
  try {
    new Function('require', 'exports', outputText)((name: string) => jest.requireActual(name), {});
    const written = readdirSync(outdir).sort().flatMap((file) => yaml.loadAll(readFileSync(join(outdir, file), 'utf8')) as any[]);
    expect(written.filter(({ kind }) => ['AuthorizationPolicy', 'RequestAuthentication'].includes(kind))).toEqual(yaml.loadAll(fence('yaml')));
  } finally {
    delete process.env.CDK8S_OUTDIR;
    rmSync(outdir, { recursive: true });
  }
});
