import { Command, Option } from 'commander';
import { DEFAULT_GATES, DEFAULT_GATES_TEXT, GATE_WORDS, GateWords } from '../../changes/gates';
import { late } from '../../modules/late';
import type { DiffReport } from '../comparison/report';
import { fileOf } from '../findings/configuration-file';
import { saidBy } from '../findings/configuration-text';
import { printerFor } from '../output/printer';
import { Terminal } from '../output/terminal';
import { allCallsOption, failWordsOf, meshModeOption } from '../program/options';
import { configurationNote, configured } from '../program/settings';
import { pathsOf, readTwoStates, tellStates, TwoStatesOptions, twoStatesOptions } from '../program/two-states';
import { VerbContext } from '../program/verb';

/** The output formats of `diff`. */
const DIFF_FORMATS = ['text', 'json', 'markdown', 'github'] as const;

interface Options extends TwoStatesOptions {
  readonly output: typeof DIFF_FORMATS[number];
  readonly all?: boolean;
  readonly allCalls?: boolean;
  readonly failOn: GateWords;
}

const HELP = `
OLD and NEW are each a file, a folder, a pattern in quotes, - for standard input, or git:REV[:PATH]: the contents of PATH in a
commit of the repository of the working directory. PATH defaults to the path of the other one.

With --onto and NEW alone, compares the cluster with its state after NEW is applied.

Exit code:
  0  no condition of --fail-on is met
  1  a condition is met
  2  some input could not be read; the rest is still compared

--fail-on conditions apply to connections whose client, server and call exist in both states:
  new-broken, new-plaintext, new-undecided  the connection has this outcome and didn't before
  lost                                      the call ends, or an object of another namespace takes it over
  rerouted                                  the call reaches another server, host or address
  new-exposed                               a port that was STRICT accepts, or may accept, plaintext
  new-refused                               an API server or istiod would reject an object, and wouldn't before
  unknown-effect                            a changed object concerns connections that are undecided after the change; by
                                            default only if an option would decide them, or they were decided before

Examples:
  $ istio-mtls diff git:main dist/
  $ istio-mtls diff git:main dist/ -o markdown > comment.md
  $ istio-mtls diff git:v1.2:deploy git:HEAD:deploy --fail-on new-broken,lost
  $ istio-mtls diff --onto cluster.yaml dist/
  $ istio-mtls diff git:origin/main dist/ --no-config      in CI: the change can't bring its own configuration
  $ helm template shop ./chart -n shop | istio-mtls diff rendered.yaml - -n shop
`;

/** `istio-mtls diff`: what a change of manifests does to connections. */
export function diffVerb(program: Command, context: VerbContext): void {
  const { terminal, finish } = context;
  const verb = program.command('diff')
    .summary('report how a change to manifests affects connections')
    .description('Reports which connections a change to manifests breaks, exposes or protects, which changed objects cause it, '
      + 'and what servers accept afterwards.')
    .argument('[path...]', 'OLD and NEW, or NEW alone with --onto; with --mesh, OLD alone')
    .usage('[options] <old> <new>')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(DIFF_FORMATS).default('text'))
    .option('--all', 'show every group, object and workload in the text, even if many are alike')
    .addOption(gatesOption());
  for (const option of [...twoStatesOptions(), meshModeOption(), allCallsOption()]) verb.addOption(option);
  verb
    .showHelpAfterError('(see istio-mtls diff --help)')
    .addHelpText('after', HELP)
    .action(async (given: string[], values: Options) => {
      const used = configured(verb, given, values);
      const { options, configuration } = used;
      // Options only: `failOn` of the configuration file is about findings.
      const { failOn } = values;
      const { output, listSkipped = false, all = false } = options;
      const read = await readTwoStates(verb, context, pathsOf(verb, given, used), options, configuration);
      if (!read) return;
      // Loaded when it runs: the other verbs don't wait for it.
      const { diff, exitCodeOfDiff } = late<typeof import('../comparison/report')>(() => require('../comparison/report'));
      terminal.progress.show(() => 'Comparing …');
      const found = await diff(read.states, { ...read.known, onlyDeclaredCalls: !options.allCalls }, read.elsewhere);
      const report = { ...found, configuration: fileOf(configuration), said: saidBy(configuration) };
      terminal.progress.clear();
      finish(exitCodeOfDiff(report, failOn));
      if (output === 'markdown' || output === 'github') terminal.error(configurationNote(configuration));
      await terminal.out(printed(report, output, failOn, all, terminal));
      if (output !== 'json') await tellStates(report, listSkipped, terminal, output === 'text');
    });
}

/** The report in a format, whose module is loaded only then. */
function printed(report: DiffReport, output: Options['output'], failOn: GateWords, all: boolean, terminal: Terminal): string {
  switch (output) {
    case 'json': return late<typeof import('./json')>(() => require('./json')).diffJson(report, failOn);
    case 'markdown': return late<typeof import('./markdown')>(() => require('./markdown')).diffMarkdown(report, failOn);
    case 'github': return late<typeof import('./github')>(() => require('./github')).diffGithub(report, failOn);
    default: return late<typeof import('./text')>(() => require('./text')).diffText(report, { all, failOn, printer: printerFor(terminal) });
  }
}

function gatesOption(): Option {
  const help = `what gives exit code 1, one or more of ${GATE_WORDS.join(', ')}, separated by commas`;
  return new Option('--fail-on <words>', help).default(DEFAULT_GATES, DEFAULT_GATES_TEXT).argParser(failWordsOf(GATE_WORDS));
}
