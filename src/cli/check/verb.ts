import { Command, Option } from 'commander';
import { printedCheck } from './printed';
import { StatedAcknowledgement, CalendarDate } from '../../findings/acknowledgement';
import { FailWords } from '../../findings/finding';
import { readYaml } from '../../manifests/yaml/read-yaml';
import { late } from '../../modules/late';
import { admitElsewhere } from '../admission/admission';
import { REPORT_FORMATS, ReportFormat } from '../findings/formats';
import { exitCodeOf } from '../findings/report';
import { coverageNote } from '../findings/text';
import { objectsOf, readingOf } from '../input/reading';
import { readTexts } from '../input/sources';
import { isDoneByChild } from '../program/child-process';
import {
  acknowledgeOption, allCallsOption, allOption, failOnOption, meshFacts, meshModeOption, meshOptions, MeshOptionValues, sourceOptions,
  SourceOptionValues,
} from '../program/options';
import {
  baselineOptions, caHorizonOption, configurationNote, configurationOptions, configured, dateOption, rewritten, usedBaseline, withoutFiles,
} from '../program/settings';
import { PATH_HELP, tellReading, VerbContext } from '../program/verb';

interface Options extends MeshOptionValues, SourceOptionValues {
  readonly output: ReportFormat;
  readonly all?: boolean;
  readonly allCalls?: boolean;
  readonly failOn: FailWords;
  readonly warnOnly?: boolean;
  readonly date?: CalendarDate;
  readonly caHorizon?: number;
  readonly baseline?: string;
  readonly writeBaseline?: boolean;
  readonly acknowledge: readonly StatedAcknowledgement[];
}

const HELP = `${PATH_HELP}
Exit code:
  0  no condition of --fail-on is met
  1  a condition is met
  2  some input could not be read; the rest is still checked

To acknowledge a finding on its object, add an annotation whose value is the reason:
  acknowledge.istio-mtls/MTLS103: "the batch job goes away in March"

Examples:
  $ istio-mtls check dist/
  $ istio-mtls check dist/ --fail-on warning
  $ istio-mtls check dist/ --fail-on error,undecided
  $ istio-mtls check dist/ -o sarif --warn-only > mtls.sarif
  $ istio-mtls check policies.yaml --injected-namespace shop
  $ istio-mtls check dist/ --acknowledge "MTLS103 CronJob shop/backup: it calls nobody"
  $ istio-mtls check dist/ --baseline known.yaml --write-baseline
  $ helm template shop ./chart -n shop | istio-mtls check -n shop -
  $ istio-mtls check dist/ --with cluster.yaml
`;

/** `istio-mtls check`: judges each object by itself, and the mesh that all objects make. */
export function checkVerb(program: Command, context: VerbContext): void {
  const verb = program.command('check')
    .summary('report rejected objects and broken or unencrypted connections')
    .description('Reports objects that the API server or istiod would reject, the outcome of each connection, '
      + 'and configuration that is broken, unencrypted or has an unexpected effect.')
    .argument('[path...]', 'files, folders, patterns, or - for standard input; defaults to the paths in the configuration file')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(REPORT_FORMATS).default('text'))
    .addOption(allOption())
    .addOption(failOnOption())
    .addOption(new Option('--warn-only', 'never give exit code 1, whatever --fail-on and the configuration file say'))
    .addOption(acknowledgeOption());
  const ofFile = [...configurationOptions(), ...baselineOptions(), dateOption(), caHorizonOption()];
  for (const option of [...sourceOptions(), ...meshOptions(), meshModeOption(), allCallsOption(), ...ofFile]) verb.addOption(option);
  verb
    .showHelpAfterError('(see istio-mtls check --help)')
    .addHelpText('after', HELP)
    .action((given: string[], values: Options) => printCheck(verb, context, given, values));
}

/** Checks the manifests, and prints the report. */
async function printCheck(verb: Command, context: VerbContext, given: string[], values: Options): Promise<void> {
  const { terminal, packaged, finish } = context;
  const { paths, options, configuration } = configured(verb, given, values);
  const { output, all = false, acknowledge, namespace, with: facts, listSkipped = false, date, caHorizon } = options;
  const failOn: FailWords = options.warnOnly ? ['never'] : options.failOn;
  const baseline = usedBaseline(verb, options);
  const known = meshFacts(options);
  const ownFiles = [configuration?.file, baseline?.path, ...options.meshConfig];
  const texts = withoutFiles(await readTexts({ judged: paths, facts }, terminal), ownFiles, configuration);
  if (await isDoneByChild(texts, context)) return;
  const sources = { namespace, workloadKinds: configuration?.workloadKinds };
  const elsewhere = admitElsewhere(texts, sources, known);
  // Loaded when it runs: the other verbs don't wait for it.
  const { check } = late<typeof import('../findings/check')>(() => require('../findings/check'));
  const { condensed } = late<typeof import('../findings/condensed')>(() => require('../findings/condensed'));
  const { baselinedReport, configuredReport } =
    late<typeof import('../findings/configured-report')>(() => require('../findings/configured-report'));
  const reading = readingOf(texts, sources, terminal.progress);
  terminal.progress.show(() => `Judging ${objectsOf(reading).length} objects …`);
  const model = { ...known, workloadKinds: sources.workloadKinds, parseYaml: readYaml, onlyDeclaredCalls: !options.allCalls };
  const said = { ...model, acknowledgements: acknowledge, today: date ?? terminal.today(), caHorizon };
  const found = configuredReport(await check(reading, said, elsewhere), configuration);
  terminal.progress.clear();
  const kept = baseline && options.writeBaseline ? rewritten(found, baseline, options.failOn, terminal) : baseline;
  const whole = baselinedReport(found, kept);
  const report = all ? whole : condensed(whole);
  finish(exitCodeOf(report, failOn));
  if (!['text', 'json'].includes(output)) terminal.error(configurationNote(configuration) + coverageNote(report));
  await terminal.out(printedCheck(report, { format: output, all, failOn, packaged }, terminal));
  if (output !== 'json') await tellReading(report.reading, listSkipped, terminal, output === 'text');
}
