import { join } from 'node:path';
import * as ts from 'typescript';

const ROOT = join(__dirname, '..', '..', '..');

/** The compiler's errors for each file, all in one program; their imports are compiled elsewhere. */
export function faultsIn(files: ReadonlyMap<string, string>): (name: string) => string[] {
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
    const where = file ? `${file.fileName.slice(ROOT.length + 1)}:${file.getLineAndCharacterOfPosition(start ?? 0).line + 1}` : 'options';
    return `${where} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}
