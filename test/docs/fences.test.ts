import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '..', '..');
const DOCS = join(ROOT, 'docs');

/** The TypeScript fences of docs/, by the name of a file that doesn't exist: `docs/page.md.12.ts`. */
function fences(): Map<string, string> {
  const found = new Map<string, string>();
  for (const page of readdirSync(DOCS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).sort()) {
    const text = readFileSync(join(DOCS, page), 'utf8');
    for (const { index, 1: code } of text.matchAll(/^```(?:ts|typescript)\n([\s\S]*?)^```$/gm)) {
      found.set(join(DOCS, `${page}.${text.slice(0, index).split('\n').length}.ts`), code);
    }
  }
  return found;
}

const WRONG = [join(DOCS, 'wrong.ts'), "import { NoSuchConstruct } from 'cdk8s-istio-mtls';\nnew NoSuchConstruct();\n"] as const;

/** What the compiler says of each file, all in one program; what they import is compiled elsewhere. */
function faultsIn(files: ReadonlyMap<string, string>): (name: string) => string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const host = ts.createCompilerHost({ ...options });
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists.call(host, name);
  host.readFile = (name) => files.get(name) ?? readFile.call(host, name);
  host.getSourceFile = (name, version, ...rest) => {
    const fence = files.get(name);
    return fence === undefined ? getSourceFile.call(host, name, version, ...rest) : ts.createSourceFile(name, fence, version);
  };
  const program = ts.createProgram([...files.keys()], {
    ...options, noEmit: true, noUnusedLocals: false, types: ['node'], paths: { 'cdk8s-istio-mtls': [join(ROOT, 'src', 'index.ts')] },
  }, host);
  return (name) => ts.getPreEmitDiagnostics(program, program.getSourceFile(name)).map(({ file, start, messageText }) => {
    const where = file ? `${file.fileName.slice(dirname(DOCS).length + 1)}:${file.getLineAndCharacterOfPosition(start ?? 0).line + 1}` : 'options';
    return `${where} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

describe('in one program', () => {
  const files = fences();
  let faultsOf: ReturnType<typeof faultsIn>;

  beforeAll(() => {
    faultsOf = faultsIn(new Map([...files, WRONG]));
  });

  test('every TypeScript fence of docs/ compiles', () => {
    expect(files.size).toBeGreaterThan(0);
    expect([...files.keys()].flatMap((name) => faultsOf(name))).toEqual([]);
  });

  test('a fence that names what does not exist is found', () => {
    expect(faultsOf(WRONG[0])).toEqual([expect.stringContaining("has no exported member 'NoSuchConstruct'")]);
  });
});
