import { Command, Option } from 'commander';
import { printedCheck, printedChecks } from './printed';
import { StatedAcknowledgement, CalendarDate } from '../../findings/acknowledgement';
import { FailWords } from '../../findings/finding';
import { numeral } from '../../findings/numeral';
import { readYaml } from '../../manifests/yaml/read-yaml';
import { late } from '../../modules/late';
import { AdmissionThread } from '../admission/admission';
import type { CheckReport } from '../findings/check';
import type { BrokenIn, UsedBaseline } from '../findings/configured-report';
import { Printing, REPORT_FORMATS, ReportFormat } from '../findings/formats';
import { exitCodeOf } from '../findings/report';
import { coverageNote } from '../findings/text';
import { objectsOf, readingOf } from '../input/reading';
import { readTexts, Texts } from '../input/sources';
import { printerFor } from '../output/printer';
import { Terminal } from '../output/terminal';
import { isDoneByChild } from '../program/child-process';
import {
  acknowledgeOption, allCallsOption, allOption, failOnOption, meshFacts, meshModeOption, meshOptions, MeshOptionValues, sourceOptions,
  SourceOptionValues,
} from '../program/options';
import {
  baselineOptions, caHorizonOption, configurationNote, configurationOptions, Configured, ConfiguredMeshes, configuredMeshes,
  dateOption, rewritten, usedBaseline, withoutFiles,
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
Without PATH and --mesh, each mesh of the configuration file is checked, and the highest code counts.

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

/** Checks the manifests, and prints the report; or does so for each mesh of the configuration file. */
async function printCheck(verb: Command, context: VerbContext, given: string[], values: Options): Promise<void> {
  const { terminal, packaged, finish } = context;
  const { runs, isEach } = configuredMeshes(verb, given, values);
  if (isEach && values.baseline !== undefined) {
    verb.error('error: --baseline names one file for each mesh; expected one mesh. Fix: pass --mesh too, or state baseline in each mesh');
  }
  const inputs: Input[] = [];
  for (const run of runs) inputs.push(await readInput(verb, run, terminal));
  if (await isDoneByChild({ texts: inputs.flatMap(({ texts: { texts } }) => texts) }, context)) return;
  const checked: (CheckReport & BrokenIn)[] = [];
  for (const input of inputs) checked.push(await checkedInput(input, terminal));
  terminal.progress.clear();
  // Loaded when it runs: the other verbs don't wait for it.
  const { uselessInAll } = late<typeof import('../findings/configured-report')>(() => require('../findings/configured-report'));
  const isUseless = isEach ? uselessInAll(checked) : undefined;
  const reports = checked.map((report, index) => settledReport(report, inputs[index], terminal, isUseless));
  const failOn = failOnOf(runs[0].options);
  const exitCodes = reports.map((report) => exitCodeOf(report, failOn));
  finish(Math.max(...exitCodes));
  const printing = { format: values.output, all: values.all ?? false, failOn, packaged };
  await print({ reports, runs, isEach, exitCodes }, printing, values.listSkipped ?? false, terminal);
}

/** The manifests of a run, and its baseline. */
interface Input extends Pick<Configured<Options>, 'options' | 'configuration'> {
  readonly baseline?: UsedBaseline;
  readonly texts: Texts;
}

async function readInput(
  verb: Command, { paths, rendered, options, configuration }: Configured<Options>, terminal: Terminal,
): Promise<Input> {
  const baseline = usedBaseline(verb, options);
  const ownFiles = [configuration?.file, baseline?.path, ...options.meshConfig];
  const texts = withoutFiles(await readTexts({ judged: paths, rendered, facts: options.with }, terminal), ownFiles, configuration);
  return { options, configuration, baseline, texts };
}

async function checkedInput({ options, configuration, texts }: Input, terminal: Terminal): Promise<CheckReport & BrokenIn> {
  const { acknowledge, namespace, date, caHorizon } = options;
  const known = meshFacts(options);
  const sources = { namespace, workloadKinds: configuration?.workloadKinds };
  const thread = AdmissionThread.start(texts, known);
  const { check } = late<typeof import('../findings/check')>(() => require('../findings/check'));
  const reading = readingOf(texts, sources, terminal.progress);
  const elsewhere = thread?.admit(objectsOf(reading));
  terminal.progress.show(() => `Judging ${objectsOf(reading).length} objects …`);
  const model = { ...known, workloadKinds: sources.workloadKinds, parseYaml: readYaml, onlyDeclaredCalls: !options.allCalls };
  const said = { ...model, acknowledgements: acknowledge, today: date ?? terminal.today(), caHorizon };
  return check(reading, said, elsewhere);
}

/** The report with the configuration file and the baseline applied, which is written if the command line says so. */
function settledReport(
  checked: CheckReport & BrokenIn, { options, configuration, baseline }: Input, terminal: Terminal,
  isUseless?: (index: number | undefined) => boolean,
): CheckReport {
  const { condensed } = late<typeof import('../findings/condensed')>(() => require('../findings/condensed'));
  const { baselinedReport, configuredReport } =
    late<typeof import('../findings/configured-report')>(() => require('../findings/configured-report'));
  const found = configuredReport(checked, configuration, isUseless);
  const kept = baseline && options.writeBaseline ? rewritten(found, baseline, options.failOn, terminal) : baseline;
  const whole = baselinedReport(found, kept);
  return options.all ? whole : condensed(whole);
}

function failOnOf({ warnOnly, failOn }: Options): FailWords {
  return warnOnly ? ['never'] : failOn;
}

/** The reports of a command line. */
interface Checked extends ConfiguredMeshes<Options> {
  readonly reports: readonly CheckReport[];
  readonly exitCodes: readonly number[];
}

async function print({ reports, runs, isEach, exitCodes }: Checked, printing: Printing, listsSkipped: boolean, terminal: Terminal) {
  const { format } = printing;
  if (format !== 'text') {
    const notes = reports.map((report, index) => configurationNote(runs[index].configuration) + coverageNote(report));
    if (format !== 'json') terminal.error(notes.join(''));
    await terminal.out(isEach ? printedChecks(reports, format, printing) : printedCheck(reports[0], printing, terminal));
    if (format !== 'json') for (const { reading } of reports) await tellReading(reading, listsSkipped, terminal, false);
    return;
  }
  const { colours } = printerFor(terminal);
  for (const [index, report] of reports.entries()) {
    if (isEach) await terminal.out(`${index === 0 ? '' : '\n'}${colours.bold(`Mesh ${report.configured!.configuration!.mesh}`)}\n\n`);
    await terminal.out(printedCheck(report, printing, terminal));
    await tellReading(report.reading, listsSkipped, terminal, true);
  }
  if (isEach) await terminal.out(`\n${sumText(reports, exitCodes)}\n`);
}

/** `2 meshes: prod fails.` */
function sumText(reports: readonly CheckReport[], exitCodes: readonly number[]): string {
  const named = (wanted: number) => reports.filter((_, index) => exitCodes[index] === wanted)
    .map(({ configured }) => configured!.configuration!.mesh);
  const parts = [[named(1), 'fails', 'fail'], [named(2), 'can\'t be read whole', 'can\'t be read whole']] as const;
  const said = parts.filter(([names]) => names.length > 0)
    .map(([names, one, more]) => `${names.join(', ')} ${names.length === 1 ? one : more}`);
  return `${numeral(reports.length)} ${reports.length === 1 ? 'mesh' : 'meshes'}: ${said.join('; ') || 'none fails'}.`;
}
