import { Command, Option } from 'commander';
import type { TestReport } from './report';
import { CalendarDate } from '../../findings/acknowledgement';
import { readYaml } from '../../manifests/yaml/read-yaml';
import { late } from '../../modules/late';
import { AdmissionThread } from '../admission/admission';
import { fileOf } from '../findings/configuration-file';
import { objectsOf, readingOf } from '../input/reading';
import { readTexts } from '../input/sources';
import { printerFor } from '../output/printer';
import { Terminal } from '../output/terminal';
import { isDoneByChild } from '../program/child-process';
import { meshFacts, meshModeOption, meshOptions, MeshOptionValues, sourceOptions, SourceOptionValues } from '../program/options';
import { configurationNote, configurationOptions, configured, dateOption, withoutFiles } from '../program/settings';
import { PATH_HELP, tellReading, VerbContext } from '../program/verb';

/** The output formats of `test`. */
const TEST_FORMATS = ['text', 'json', 'junit'] as const;

interface Options extends MeshOptionValues, SourceOptionValues {
  readonly output: typeof TEST_FORMATS[number];
  readonly all?: boolean;
  readonly date?: CalendarDate;
}

const HELP = `
EXPECTATIONS is a file of tests, in YAML or JSON:
  tests:
    - { from: shop/web, to: shop/ratings:9080, is: mtls }
    - { to: payments/*, never: plaintext }
    - { server: payments/*, accepts: STRICT }
    - { to: shop/*, atLeast: mtls, except: [{ to: shop/metrics:9090, reason: scraped, until: 2027-06-30 }] }
A test fails if a connection isn't as expected or is undecided, or if no connection matches.
${PATH_HELP}
Exit code:
  0  all tests pass
  1  a test fails
  2  some input could not be read; the rest is still checked

Examples:
  $ istio-mtls test mesh-tests.yaml dist/
  $ istio-mtls test mesh-tests.yaml dist/ --with cluster.yaml
  $ istio-mtls test mesh-tests.yaml dist/ -o junit > mesh-tests.xml
  $ helm template shop ./chart -n shop | istio-mtls test mesh-tests.yaml -n shop -
`;

/** `istio-mtls test`: whether a mesh meets expectations. */
export function testVerb(program: Command, context: VerbContext): void {
  const verb = program.command('test')
    .summary('test connections and server modes against a file of expectations')
    .description(
      'Runs the tests in a file, which state the outcome that connections must or must never have, and what servers must accept.',
    )
    .argument('<expectations>', 'the file of the tests')
    .argument('[path...]', 'files, folders, patterns, or - for standard input; defaults to the paths in the configuration file')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(TEST_FORMATS).default('text'))
    .option('--all', 'also show passing tests in the text');
  const ofMesh = [...meshOptions(), meshModeOption()];
  for (const option of [...sourceOptions(), ...ofMesh, ...configurationOptions(), dateOption('whether exceptions have expired')]) {
    verb.addOption(option);
  }
  verb
    .showHelpAfterError('(see istio-mtls test --help)')
    .addHelpText('after', HELP)
    .action((file: string, given: string[], values: Options) => printTests(verb, context, file, given, values));
}

/** Runs the tests, and prints their results. */
async function printTests(verb: Command, context: VerbContext, file: string, given: string[], values: Options): Promise<void> {
  const { terminal, finish } = context;
  const { paths, rendered, options, configuration } = configured(verb, given, values);
  const { output, all = false, namespace, with: facts, listSkipped = false, date } = options;
  // Loaded when it runs: the other verbs don't wait for it.
  const { loadExpectations } =
    late<typeof import('../../expectations/expectations-file')>(() => require('../../expectations/expectations-file'));
  const expectations = loadExpectations(file);
  const known = meshFacts(options);
  const ownFiles = [configuration?.file, file, ...options.meshConfig];
  const texts = withoutFiles(await readTexts({ judged: paths, rendered, facts }, terminal), ownFiles, configuration);
  if (await isDoneByChild(texts, context)) return;
  const sources = { namespace, workloadKinds: configuration?.workloadKinds };
  const thread = AdmissionThread.start(texts, known);
  const { exitCodeOfTests, testReport } = late<typeof import('./report')>(() => require('./report'));
  const reading = readingOf(texts, sources, terminal.progress);
  const elsewhere = thread?.admit(objectsOf(reading));
  terminal.progress.show(() => `Judging ${objectsOf(reading).length} objects …`);
  const model = { ...known, namespace, workloadKinds: sources.workloadKinds, parseYaml: readYaml, today: date ?? terminal.today() };
  const report = { ...await testReport(reading, expectations, model, elsewhere), configuration: fileOf(configuration) };
  terminal.progress.clear();
  finish(exitCodeOfTests(report));
  if (output === 'junit') terminal.error(configurationNote(configuration));
  await terminal.out(printed(report, output, all, terminal));
  if (output !== 'json') await tellReading(report.reading, listSkipped, terminal, output === 'text');
}

/** The report in a format, whose module is loaded only then. */
function printed(report: TestReport, output: Options['output'], all: boolean, terminal: Terminal): string {
  switch (output) {
    case 'json': return late<typeof import('./json')>(() => require('./json')).testJson(report);
    case 'junit': return late<typeof import('./junit')>(() => require('./junit')).testJunit(report);
    default: return late<typeof import('./text')>(() => require('./text')).testText(report, { all, printer: printerFor(terminal) });
  }
}
