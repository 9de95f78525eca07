import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import * as ts from 'typescript';

const PAGE = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'callers.md'), 'utf8');

/** The first block of code in a section. */
function fence(heading: string, language: string): string {
  const section = PAGE.slice(PAGE.indexOf(`\n## ${heading}\n`));
  return new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(section)![1];
}

test.each(['Declared calls', 'Callers and end users in an app'])('the example of %s writes the YAML that is shown', (heading) => {
  const { outputText } = ts.transpileModule(fence(heading, 'ts'), { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const outdir = mkdtempSync(join(tmpdir(), 'callers-'));
  process.env.CDK8S_OUTDIR = outdir;
  try {
    new Function('require', 'exports', outputText)((name: string) => jest.requireActual(name), {});
    const written = readdirSync(outdir).sort().flatMap((file) => yaml.loadAll(readFileSync(join(outdir, file), 'utf8')) as any[]);
    expect(written.filter(({ kind }) => ['AuthorizationPolicy', 'RequestAuthentication'].includes(kind))).toEqual(yaml.loadAll(fence(heading, 'yaml')));
  } finally {
    delete process.env.CDK8S_OUTDIR;
    rmSync(outdir, { recursive: true });
  }
});
