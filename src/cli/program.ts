import { Command, InvalidArgumentError, Option } from 'commander';
import { coloursFor } from './colours';
import { jsonReport } from './json-report';
import { exitCodeOf } from './report';
import { textReport } from './text-report';
import { validate } from './validate';
import { isDnsLabel } from '../admission/metadata/kubernetes-names';

/** What a command reads from and writes to. */
export interface Terminal {
  readonly input: AsyncIterable<Buffer | string>;
  readonly isTerminal: boolean;
  readonly env: NodeJS.ProcessEnv;
  out(text: string): void;
  error(text: string): void;
}

interface ValidateOptions {
  readonly output: 'text' | 'json';
  readonly istiodNamespace: string;
}

const VALIDATE_HELP = `
PATH is a file, a folder (its *.yaml, *.yml and *.json, and those of the folders in it), a pattern in
quotes, or - for standard input.

Exit code:
  0  nothing is refused; there may be warnings
  1  something is refused
  2  something could not be read; the rest is judged all the same

Examples:
  $ istio-mtls validate dist/
  $ istio-mtls validate 'clusters/**/*.yaml' mesh.json
  $ helm template shop ./chart | istio-mtls validate -
  $ kustomize build overlays/prod | istio-mtls validate -o json -
`;

/** The command line; `finish` gets the exit code of the verb that ran. */
export function programFor(terminal: Terminal, version: string, finish: (exitCode: number) => void): Command {
  const program = new Command('istio-mtls')
    .description('Judges Kubernetes manifests of Istio\'s mutual TLS before a cluster does.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [verb]', 'print the help of a verb')
    .exitOverride()
    .showHelpAfterError('(istio-mtls --help tells more)')
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.error(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  program.command('validate')
    .summary('tell what an API server with Istio\'s CRDs, or istiod, would refuse')
    .description('Tells what an API server with Istio\'s CRDs, or istiod, would refuse or warn about.')
    .argument('<path...>', 'files, folders, patterns, or - for standard input')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('--istiod-namespace <name>', 'where istiod runs, with its mesh config and its CA', namespaceName, 'istio-system')
    .showHelpAfterError('(istio-mtls validate --help tells more)')
    .addHelpText('after', VALIDATE_HELP)
    .action(async (paths: string[], { output, istiodNamespace }: ValidateOptions) => {
      const report = await validate(paths, { istiodNamespace }, terminal.input);
      terminal.out(output === 'json' ? jsonReport(report) : textReport(report, coloursFor(terminal.isTerminal, terminal.env)));
      finish(exitCodeOf(report));
    });
  return program;
}

function namespaceName(name: string): string {
  if (isDnsLabel(name)) return name;
  throw new InvalidArgumentError('A namespace\'s name has lower case letters, digits and \'-\', at most 63.');
}
