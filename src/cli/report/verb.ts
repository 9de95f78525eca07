import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { StatedAcknowledgement, CalendarDate } from '../../findings/acknowledgement';
import { printable } from '../../findings/safe-text';
import { readYaml } from '../../manifests/yaml/read-yaml';
import { late } from '../../modules/late';
import { AdmissionThread } from '../admission/admission';
import type { DiffReport } from '../comparison/report';
import { unreadableText } from '../findings/text';
import { objectsOf, Reading, readingOf } from '../input/reading';
import { readTexts, STANDARD_INPUT, Texts } from '../input/sources';
import type { MeshState } from '../input/states';
import { Package } from '../output/package';
import { printerFor } from '../output/printer';
import { isDoneByChild } from '../program/child-process';
import {
  acknowledgeOption, allCallsOption, fileName, meshFacts, meshModeOption, meshOptions, MeshOptionValues, sourceOptions, SourceOptionValues,
} from '../program/options';
import {
  caHorizonOption, configurationNote, configurationOptions, configured, dateOption, sourceNames, usedBaseline, withoutFiles,
} from '../program/settings';
import { PATH_HELP, tellReading, VerbContext } from '../program/verb';

interface Options extends MeshOptionValues, SourceOptionValues {
  readonly output?: string;
  readonly base?: string;
  readonly allCalls?: boolean;
  readonly date?: CalendarDate;
  readonly caHorizon?: number;
  readonly baseline?: string;
  readonly acknowledge: readonly StatedAcknowledgement[];
}

const HELP = `${PATH_HELP}
OLD is a file, a folder, a pattern in quotes, - for standard input, or git:REV[:PATH], as for istio-mtls diff.

Exit code:
  0  the report is written
  2  something could not be read, or the file can't be written

Examples:
  $ istio-mtls report dist/ -o report.html
  $ istio-mtls report dist/ --base git:main -o report.html
  $ istio-mtls report dist/ --baseline known.yaml -o report.html
  $ istio-mtls snapshot > cluster.json && istio-mtls report cluster.json -o report.html
`;

/** The default number of days for which a CA's certificates should be valid. */
const HORIZON = 90;

/** `istio-mtls report`: writes a self-contained HTML page. */
export function reportVerb(program: Command, context: VerbContext): void {
  const verb = program.command('report')
    .summary('write a page to look at: mTLS by namespace, who calls whom how, findings, certificates')
    .description('Writes one HTML file that needs no network: the share of mTLS by namespace, who calls whom how, findings with fixes, '
      + 'what is undecided and why, and certificates.')
    .argument('[path...]', 'files, folders, patterns, or - for standard input; defaults to the paths in the configuration file')
    .addOption(new Option('-o, --output <file>', 'where to write; defaults to standard output'))
    .addOption(new Option('--base <old>', 'an earlier state of the manifests: also reports what changed since'))
    .addOption(new Option('--baseline <file>',
      'a file of known findings, which are marked as known and counted separately').argParser(fileName))
    .addOption(acknowledgeOption());
  const ofFile = [...configurationOptions(), dateOption('whether acknowledgements and certificates have expired'), caHorizonOption()];
  for (const option of [...sourceOptions(), ...meshOptions(), meshModeOption(), allCallsOption(), ...ofFile]) verb.addOption(option);
  verb
    .showHelpAfterError('(istio-mtls report --help tells more)')
    .addHelpText('after', HELP)
    .action((given: string[], values: Options) => writeReport(verb, context, given, values));
}

async function writeReport(verb: Command, context: VerbContext, given: readonly string[], values: Options): Promise<void> {
  const { terminal, packaged, finish } = context;
  const { paths, rendered, options, configuration } = configured(verb, [...given], values);
  const { namespace, with: facts, base, date = terminal.today(), caHorizon } = options;
  if (base === STANDARD_INPUT && [...paths, ...facts].includes(STANDARD_INPUT)) {
    verb.error('error: standard input is named twice; expected - once');
  }
  const [known, baseline] = [meshFacts(options), usedBaseline(verb, options)];
  const ownFiles = [configuration?.file, baseline?.path, ...options.meshConfig];
  const texts = withoutFiles(await readTexts({ judged: paths, rendered, facts }, terminal), ownFiles, configuration);
  const sources = configuration?.mesh === undefined || given.length > 0 ? undefined : () => ({ paths, rendered });
  const former = base === undefined ? undefined : await baseTexts(base, { paths, sources }, context);
  if (former === 'unreadable') return;
  if (await isDoneByChild({ ...texts, texts: [...former?.texts ?? [], ...texts.texts] }, context)) return;
  const reads = { namespace, workloadKinds: configuration?.workloadKinds };
  const thread = AdmissionThread.start(texts, known);
  // Loaded when it runs: the other verbs don't wait for it.
  const { condensed } = late<typeof import('../findings/condensed')>(() => require('../findings/condensed'));
  const { check } = late<typeof import('../findings/check')>(() => require('../findings/check'));
  const { baselinedReport, configuredReport } =
    late<typeof import('../findings/configured-report')>(() => require('../findings/configured-report'));
  const { pageData } = late<typeof import('./data')>(() => require('./data'));
  const { reportDocument } = late<typeof import('../../report/document')>(() => require('../../report/document'));
  const reading = readingOf(texts, reads, terminal.progress);
  terminal.progress.show(() => `Judging ${objectsOf(reading).length} objects …`);
  const model = { ...known, workloadKinds: reads.workloadKinds, parseYaml: readYaml, onlyDeclaredCalls: !options.allCalls };
  const said = { ...model, acknowledgements: options.acknowledge, today: date, caHorizon };
  const found = await check(reading, said, thread?.admit(objectsOf(reading)));
  const report = condensed(baselinedReport(configuredReport(found, configuration), baseline));
  const changed = former && await changesSince(readingOf(former, reads, terminal.progress), reading, model);
  const certificates = certificateContext(date, caHorizon, report.mesh.planes.default.config.trustDomain, known.istiodNamespace);
  const about = { report, paths: sourceNames({ paths, rendered }), version: packaged.version, date, certificates };
  const page = reportDocument(pageData({ ...about, changes: changed && { report: changed, base: base! } }), assetsOf(packaged));
  terminal.progress.clear();
  const unreadable = [...changed?.before.unreadable ?? [], ...report.reading.unreadable];
  finish(unreadable.length > 0 ? 2 : 0);
  await written(page, options.output, terminal);
  terminal.error(configurationNote(configuration));
  if (unreadable.length > 0) terminal.error(unreadableText(unreadable, printerFor(terminal)));
  await tellReading(report.reading, options.listSkipped ?? false, terminal, false);
}

type DiffModel = Parameters<typeof import('../comparison/report').diff>[1];

function changesSince(before: Reading, after: Reading, model: DiffModel): Promise<DiffReport> {
  const { diff } = late<typeof import('../comparison/report')>(() => require('../comparison/report'));
  return diff({ before, after }, model);
}

/** Certificates are judged at the end of the day. */
function certificateContext(date: string, horizonDays = HORIZON, trustDomain: string, istiodNamespace = 'istio-system') {
  return { now: new Date(`${date}T23:59:59Z`), horizonDays, trustDomain, istiodNamespace };
}

async function written(page: string, output: string | undefined, terminal: VerbContext['terminal']): Promise<void> {
  const { writeTextFile } = late<typeof import('../../configuration/settings-file')>(() => require('../../configuration/settings-file'));
  if (output === undefined) await terminal.out(page);
  else writeTextFile(output, page);
}

/** The texts of the other state; if git can't provide it, that is reported and ends the run. */
async function baseTexts(
  base: string, { paths, sources }: { readonly paths: readonly string[]; readonly sources?: () => MeshState },
  { terminal, finish }: VerbContext,
): Promise<Texts | 'unreadable'> {
  // Loaded late: most runs have no other state.
  const { readBase, statePathOf } = late<typeof import('../input/states')>(() => require('../input/states'));
  const { GitError } = late<typeof import('../input/git-program')>(() => require('../input/git-program'));
  try {
    return await readBase(statePathOf(base, sources), paths, terminal);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    finish(2);
    terminal.error(`${printable(error.message)}\n`);
    return 'unreadable';
  }
}

/** The page's script and styles, which are generated when the package is compiled. */
function assetsOf({ root }: Package) {
  const read = (name: string): string => readFileSync(join(root, 'lib', 'report', name), 'utf8');
  return { script: read('page.js'), styles: read('page.css') };
}
