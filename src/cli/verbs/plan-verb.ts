import { Command, Option } from 'commander';
import { pathsOf, readTwoStates, tellStates, TwoStatesOptions, twoStatesOptions } from './two-states';
import { VerbContext } from './verb';
import { printable } from '../../findings/safe-text';
import type { PlanReport } from '../plan/plan';
import { printerFor } from '../printer';
import { configurationNote, configured } from '../settings';
import { Terminal } from '../terminal';

/** How `plan` can print. */
const PLAN_FORMATS = ['text', 'json', 'markdown'] as const;

interface Options extends TwoStatesOptions {
  readonly output: typeof PLAN_FORMATS[number];
  readonly all?: boolean;
  readonly out?: string;
}

const HELP = `
OLD and NEW are each a file, a folder, a pattern in quotes, - for standard input, or git:REV[:PATH], as for diff.
With --onto and NEW alone, the plan leads from the cluster to what it is once NEW is applied.

Within a stage the changes may be applied in any order, and each proxy may have any of them: no call that works
before and after is broken meanwhile, none that is encrypted before and after is sent in plaintext, and no port
accepts more plaintext than before or after.

Exit code:
  0  there are stages, each proven, or the change is safe at once
  1  no safe order was found, or a stage isn't proven
  2  something could not be read

Examples:
  $ istio-mtls plan git:main dist/
  $ istio-mtls plan git:main dist/ --out plan/
  $ istio-mtls plan --onto cluster.yaml dist/ -o markdown > comment.md
`;

/** `istio-mtls plan`: the stages of a change in which nothing breaks on the way. */
export function planVerb(program: Command, context: VerbContext): void {
  const { terminal, finish } = context;
  const verb = program.command('plan')
    .summary('stages in which a change breaks nothing on the way')
    .description('Finds stages in which a change of manifests can be applied so that no connection falls below what it is before and after, whichever proxies have which of the changes.')
    .argument('<path...>', 'OLD and NEW, or NEW alone with --onto')
    .usage('[options] <old> <new>')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(PLAN_FORMATS).default('text'))
    .option('--out <folder>', 'write the stages as numbered folders of manifests, with the way back')
    .option('--all', 'show each step in a text, however many there are');
  for (const option of twoStatesOptions()) verb.addOption(option);
  verb
    .showHelpAfterError('(istio-mtls plan --help tells more)')
    .addHelpText('after', HELP)
    .action(async (given: string[], values: Options) => {
      const { options, configuration } = configured(verb, given, values);
      const { output, out, listSkipped = false, all = false } = options;
      const read = await readTwoStates(verb, context, pathsOf(verb, given, [...configuration?.with ?? [], ...options.onto]), options, configuration);
      if (!read) return;
      // Loaded when it runs: the other verbs don't wait for it.
      /* eslint-disable-next-line @typescript-eslint/no-require-imports */
      const { exitCodeOfPlan, plan } = require('../plan/plan') as typeof import('../plan/plan');
      terminal.progress.show(() => 'Planning …');
      const report = { ...await plan(read.states, read.known, read.elsewhere), configuration: configuration?.file };
      terminal.progress.clear();
      finish(exitCodeOfPlan(report));
      if (out !== undefined && !isWritten(report, out, terminal)) {
        finish(2);
        return;
      }
      if (output === 'markdown') terminal.error(configurationNote(configuration));
      await terminal.out(printed(report, output, all, terminal));
      if (output !== 'json') await tellStates(report, listSkipped, terminal, output === 'text');
    });
}

/** Writes the folders; what stands in the way is told. */
function isWritten(report: PlanReport, folder: string, terminal: Terminal): boolean {
  /* eslint-disable-next-line @typescript-eslint/no-require-imports */
  const { FolderError, writePlan } = require('../plan/plan-folder') as typeof import('../plan/plan-folder');
  try {
    if (report.stages) writePlan(report, folder);
    return true;
  } catch (error) {
    if (!(error instanceof FolderError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
    terminal.error(`${printable((error as Error).message)}\n`);
    return false;
  }
}

function printed(report: PlanReport, output: Options['output'], all: boolean, terminal: Terminal): string {
  /* eslint-disable @typescript-eslint/no-require-imports */
  switch (output) {
    case 'json': return (require('../plan/plan-json') as typeof import('../plan/plan-json')).planJson(report);
    case 'markdown': return (require('../plan/plan-markdown') as typeof import('../plan/plan-markdown')).planMarkdown(report);
    default: return (require('../plan/plan-text') as typeof import('../plan/plan-text')).planText(report, { all, printer: printerFor(terminal) });
  }
  /* eslint-enable @typescript-eslint/no-require-imports */
}
