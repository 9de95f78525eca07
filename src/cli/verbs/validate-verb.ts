import { Command, Option } from 'commander';
import { validateJson } from '../json-report';
import { configurationOptions, configured, withoutFiles } from '../configured';
import { istiodNamespaceOption } from '../options';
import { paperFor } from '../paper';
import { readingOf } from '../reading';
import { exitCodeOf } from '../report';
import { readTexts } from '../texts';
import { VerbContext } from './verb';
import { validateText } from '../text-report';
import { PATH_HELP } from './path-help';

interface Options {
  readonly output: 'text' | 'json';
  readonly istiodNamespace: string;
}

const HELP = `${PATH_HELP}
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

/** `istio-mtls validate`: each object by itself. */
export function validateVerb(program: Command, { terminal, finish }: VerbContext): void {
  const verb = program.command('validate')
    .summary('tell what an API server with Istio\'s CRDs, or istiod, would refuse')
    .description('Tells what an API server with Istio\'s CRDs, or istiod, would refuse or warn about.')
    .argument('[path...]', 'files, folders, patterns, or - for standard input; unless told, the paths of the configuration file')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addOption(istiodNamespaceOption());
  for (const option of configurationOptions()) verb.addOption(option);
  verb
    .showHelpAfterError('(istio-mtls validate --help tells more)')
    .addHelpText('after', HELP)
    .action(async (given: string[], said: Options) => {
      const { paths, options: { output, istiodNamespace }, configuration } = configured(verb, given, said);
      // Loaded when it runs: the other verbs don't wait for it.
      /* eslint-disable @typescript-eslint/no-require-imports */
      const { validate } = require('../validate') as typeof import('../validate');
      const { configuredReport } = require('../settled') as typeof import('../settled');
      /* eslint-enable @typescript-eslint/no-require-imports */
      const reading = readingOf(withoutFiles(await readTexts(paths, terminal.input), [configuration?.file]), terminal.progress);
      const report = configuredReport(validate(reading, { istiodNamespace }), configuration);
      terminal.progress.clear();
      finish(exitCodeOf(report));
      await terminal.out(output === 'json' ? validateJson(report) : validateText(report, paperFor(terminal)));
    });
}
