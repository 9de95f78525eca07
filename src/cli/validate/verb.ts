import { Command, Option } from 'commander';
import { printedValidate } from './printed';
import { FAIL_WORDS, FailWords } from '../../findings/finding';
import { late } from '../../modules/late';
import { REPORT_FORMATS, ReportFormat } from '../findings/formats';
import { exitCodeOf } from '../findings/report';
import { readingOf } from '../input/reading';
import { readTexts } from '../input/sources';
import { isDoneByChild } from '../program/child-process';
import {
  allOption, controlPlaneFacts, failOnOption, istiodOptions, IstiodOptionValues, istioVersionOption, sourceOptions, SourceOptionValues,
} from '../program/options';
import { configurationNote, configurationOptions, configured, withoutFiles } from '../program/settings';
import { PATH_HELP, tellReading, VerbContext } from '../program/verb';

interface Options extends SourceOptionValues, IstiodOptionValues {
  readonly output: ReportFormat;
  readonly all?: boolean;
  readonly failOn: FailWords;
  readonly istioVersion?: string;
}

const HELP = `${PATH_HELP}
Exit code:
  0  no condition of --fail-on is met; by default, no object is rejected
  1  a condition is met
  2  some input could not be read; the rest is still checked

Examples:
  $ istio-mtls validate dist/
  $ istio-mtls validate 'clusters/**/*.yaml' mesh.json
  $ istio-mtls validate dist/ --fail-on warning,skipped
  $ helm template shop ./chart -n shop | istio-mtls validate -n shop -
  $ kustomize build overlays/prod | istio-mtls validate -o json -
`;

/** `istio-mtls validate`: judges each object by itself. */
export function validateVerb(program: Command, context: VerbContext): void {
  const { terminal, packaged, finish } = context;
  const verb = program.command('validate')
    .summary('report objects that the API server or istiod would reject')
    .description('Reports objects that an API server with Istio\'s CRDs, or istiod, would reject or warn about.')
    .argument('[path...]', 'files, folders, patterns, or - for standard input; defaults to the paths in the configuration file')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(REPORT_FORMATS).default('text'))
    .addOption(allOption())
    .addOption(failOnOption(FAIL_WORDS.filter((word) => word !== 'undecided' && word !== 'conditional')));
  for (const option of [...istiodOptions(), istioVersionOption(), ...sourceOptions(), ...configurationOptions()]) verb.addOption(option);
  verb
    .showHelpAfterError('(see istio-mtls validate --help)')
    .addHelpText('after', HELP)
    .action(async (given: string[], values: Options) => {
      const { paths, rendered, options, configuration } = configured(verb, given, values);
      const { output, all = false, failOn, namespace, with: facts, listSkipped = false } = options;
      // Loaded when it runs: the other verbs don't wait for it.
      const { validate } = late<typeof import('./report')>(() => require('./report'));
      const { condensed } = late<typeof import('../findings/condensed')>(() => require('../findings/condensed'));
      const { configuredReport } = late<typeof import('../findings/configured-report')>(() => require('../findings/configured-report'));
      const { istiodNamespace, istioVersion, clusterDomain, rootNamespace, meshConfigs } = controlPlaneFacts(options);
      const found = await readTexts({ judged: paths, rendered, facts }, terminal);
      const texts = withoutFiles(found, [configuration?.file, ...options.meshConfig], configuration);
      if (await isDoneByChild(texts, context)) return;
      const reading = readingOf(texts, { namespace, workloadKinds: configuration?.workloadKinds }, terminal.progress);
      const whole = configuredReport(validate(reading, { istiodNamespace, istioVersion, rootNamespace, meshConfigs }, clusterDomain),
        configuration);
      const report = all ? whole : condensed(whole);
      terminal.progress.clear();
      finish(exitCodeOf(report, failOn));
      if (!['text', 'json'].includes(output)) terminal.error(configurationNote(configuration));
      await terminal.out(printedValidate(report, { format: output, all, failOn, packaged }, terminal));
      if (output !== 'json') await tellReading(report.reading, listSkipped, terminal, output === 'text');
    });
}
