import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import * as ts from 'typescript';
import { command } from '../support/command';
import { folderWith, removeFolders } from '../support/scratch';

afterAll(removeFolders);

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

test('check prints what is shown, which is what docs/cli.md shows', () => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'cli.md'), 'utf8');
  const [, printed] = /^## check\n[^]*?```text\n([^]*?)```/m.exec(page)!;
  expect(fence('## What will happen in the mesh', '')).toBe(`$ npx --no-install istio-mtls check dist/\n${printed}`);
});

test('validate prints what is shown', async () => {
  const folder = folderWith({
    'mesh.yaml': [
      'apiVersion: networking.istio.io/v1', 'kind: DestinationRule', 'metadata: {name: my-service-dr, namespace: shop}', 'spec:', '  host: my-service', '  trafficPolicy:',
      '    tls: {mode: ISTIO_MUTUAL, maxSessionAge: 300s}', '',
    ].join('\n'),
  });
  const { out } = await command(['validate', join(folder, 'mesh.yaml')]);
  expect(fence('## What an API server would refuse', '')).toBe(`$ npx --no-install istio-mtls validate mesh.yaml\n${out.replaceAll(`${folder}/`, '')}`);
});
