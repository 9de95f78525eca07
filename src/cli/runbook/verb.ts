import { Command, Option } from 'commander';
import { CalendarDate } from '../../findings/acknowledgement';
import { printable } from '../../findings/safe-text';
import { readYaml } from '../../manifests/yaml/read-yaml';
import { late } from '../../modules/late';
import { AdmissionThread } from '../admission/admission';
import { unreadableText } from '../findings/text';
import { objectsOf, readingOf } from '../input/reading';
import { readTexts } from '../input/sources';
import { printerFor } from '../output/printer';
import { isDoneByChild } from '../program/child-process';
import { meshFacts, meshModeOption, meshOptions, MeshOptionValues, sourceOptions, SourceOptionValues } from '../program/options';
import {
  ConfigurationChoice, configurationNote, configurationOptions, configured, Configured, dateOption, sourceNames, withoutFiles,
} from '../program/settings';
import { PATH_HELP, tellReading, VerbContext } from '../program/verb';

interface Options extends ConfigurationChoice, MeshOptionValues, SourceOptionValues {
  readonly workload?: string;
  readonly output?: string;
  readonly date?: CalendarDate;
}

const HELP = `${PATH_HELP}
Exit code:
  0  the runbook is written
  2  some input could not be read, the mesh has no such workload, or the file can't be written

Examples:
  $ istio-mtls runbook dist/ -o RUNBOOK.md
  $ istio-mtls runbook dist/ --workload shop/web
  $ istio-mtls snapshot > cluster.yaml && istio-mtls runbook cluster.yaml
`;

/** `istio-mtls runbook`: how to inspect the mutual TLS of a mesh. */
export function runbookVerb(program: Command, context: VerbContext): void {
  const verb = program.command('runbook')
    .summary('write a runbook for inspecting mutual TLS in this mesh')
    .description('Writes a Markdown page for operators: the problems found, and commands that show policies, certificates, '
      + 'proxies and calls, filled in with the names of this mesh.')
    .argument('[path...]', 'files, folders, patterns, or - for standard input; defaults to the paths in the configuration file')
    .option('--workload <name>', 'one workload: namespace/name or kind/namespace/name; defaults to the whole mesh')
    .addOption(new Option('-o, --output <file>', 'the file to write; defaults to standard output'));
  const ofMesh = [...meshOptions(), meshModeOption()];
  for (const option of [...sourceOptions(), ...ofMesh, ...configurationOptions(), dateOption()]) verb.addOption(option);
  verb
    .showHelpAfterError('(see istio-mtls runbook --help)')
    .addHelpText('after', HELP)
    .action((given: string[], values: Options) => writeRunbook(verb, context, given, values));
}

/** Checks the manifests, and writes a runbook from the result. */
async function writeRunbook(verb: Command, context: VerbContext, given: string[], values: Options): Promise<void> {
  const { terminal, finish } = context;
  const run = configured(verb, given, values);
  const { paths, rendered, options, configuration } = run;
  const { namespace, with: facts, listSkipped = false, date, workload, output } = options;
  const known = meshFacts(options);
  const texts = withoutFiles(await readTexts({ judged: paths, rendered, facts }, terminal), [configuration?.file, ...options.meshConfig],
    configuration);
  if (await isDoneByChild(texts, context)) return;
  const sources = { namespace, workloadKinds: configuration?.workloadKinds };
  const thread = AdmissionThread.start(texts, known);
  // Loaded when it runs: the other verbs don't wait for it.
  const { check } = late<typeof import('../findings/check')>(() => require('../findings/check'));
  const { configuredReport } = late<typeof import('../findings/configured-report')>(() => require('../findings/configured-report'));
  const { writeTextFile } =
    late<typeof import('../../configuration/settings-file')>(() => require('../../configuration/settings-file'));
  const { runbook } = late<typeof import('./markdown')>(() => require('./markdown'));
  const { UnknownNameError, workloadNamed } =
    late<typeof import('../../mesh/queries/selection')>(() => require('../../mesh/queries/selection'));
  const reading = readingOf(texts, sources, terminal.progress);
  terminal.progress.show(() => `Judging ${objectsOf(reading).length} objects …`);
  const model = { ...known, workloadKinds: sources.workloadKinds, parseYaml: readYaml };
  const { acknowledgements = [], caHorizon } = configuration ?? {};
  const said = { ...model, acknowledgements, today: date ?? terminal.today(), caHorizon };
  const report = configuredReport(await check(reading, said, thread?.admit(objectsOf(reading))), configuration);
  terminal.progress.clear();
  try {
    const only = workload === undefined ? undefined : workloadNamed(report.mesh, workload, { namespace });
    const page = runbook({ report, mesh: report.mesh, workload: only, sources: sourceNames(run), checked: checkedBy(run) });
    finish(reading.unreadable.length > 0 ? 2 : 0);
    if (output === undefined) await terminal.out(page);
    else writeTextFile(output, page);
  } catch (error) {
    if (!(error instanceof UnknownNameError)) throw error;
    finish(2);
    terminal.error(`${printable(error.message)}\n`);
    return;
  }
  terminal.error(`${configurationNote(configuration)}${unreadableText(reading.unreadable, printerFor(terminal))}`);
  await tellReading(report.reading, listSkipped, terminal, false);
}

/** The arguments of `check` for the same manifests: the configuration file names what is rendered. */
function checkedBy({ paths, rendered, options: { config, mesh } }: Configured<Options>): readonly string[] {
  if (!rendered) return paths;
  return [...typeof config === 'string' ? ['--config', config] : [], ...mesh === undefined ? [] : ['--mesh', mesh], '--render'];
}
