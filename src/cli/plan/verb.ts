import { Command, Option } from 'commander';
import { folderOf, PlanOptions, planOptions, FolderPrinting, printReport } from './folders';
import { PlanGateWords, planGatesOption } from './gates';
import type { PlanReport } from './report';
import { fileOf } from '../findings/configuration-file';
import { planToDisableVerb } from './to-disable/verb';
import { planToPermissiveVerb } from './to-permissive/verb';
import { planToStrictVerb } from './to-strict/verb';
import { planToTrustDomainVerb } from './to-trust-domain/verb';
import { late } from '../../modules/late';
import { saidBy } from '../findings/configuration-text';
import { printerFor } from '../output/printer';
import { Terminal } from '../output/terminal';
import { allCallsOption, meshModeOption } from '../program/options';
import { configurationNote, configured } from '../program/settings';
import { pathsOf, readTwoStates, TwoStates, TwoStatesOptions, twoStatesOptions } from '../program/two-states';
import { VerbContext } from '../program/verb';

interface Options extends PlanOptions, TwoStatesOptions {
  readonly allCalls?: boolean;
  readonly failOn: PlanGateWords;
}

const HELP = `
OLD and NEW are each a file, a folder, a pattern in quotes, - for standard input, or git:REV[:PATH], as for diff. Write ./
before a folder that is named like a command of plan: ./to-strict.
With --onto and NEW alone, the plan leads from the cluster to its state after NEW is applied.

Within a stage, changes may be applied and reach proxies in any order: no call that works
before and after breaks in between, no call that is encrypted before and after is sent in plaintext, and no port
accepts more plaintext than before or after.

Exit code:
  0  no condition of --fail-on is met
  1  a condition is met
  2  some input could not be read

--fail-on conditions:
  unproven     no safe order was found, or a stage isn't proven
  new-refused  an API server or istiod would reject an object of NEW, and wouldn't before

Examples:
  $ istio-mtls plan git:main dist/
  $ istio-mtls plan git:main dist/ --out plan/
  $ istio-mtls plan --onto cluster.yaml dist/ -o markdown > comment.md
  $ istio-mtls plan to-strict cluster.yaml
`;

/** `istio-mtls plan`: splits a change into stages during which no connection breaks. */
export function planVerb(program: Command, context: VerbContext): void {
  // Without it, options after a command of `plan` would be parsed as those of `plan`.
  const verb = program.enablePositionalOptions().command('plan')
    .summary('split a change into stages that never break a connection')
    .description('Splits a change to manifests into stages, so that no connection is ever worse than it is before and after the change, '
      + 'whichever proxies already have it.')
    .argument('[path...]', 'OLD and NEW; with --onto, NEW alone; with --mesh, OLD alone')
    .usage('[options] <old> <new>\n       istio-mtls plan <command> [options] ...')
    .helpCommand(false)
    .enablePositionalOptions();
  const own = [planGatesOption(), meshModeOption(), allCallsOption()];
  for (const option of [...planOptions(), ...twoStatesOptions(), ...own]) verb.addOption(option);
  refuseFormer(verb);
  for (const add of [planToStrictVerb, planToPermissiveVerb, planToDisableVerb, planToTrustDomainVerb]) add(verb, context);
  verb
    .hook('preSubcommand', (_, one) => refuseBefore(verb, one.name()))
    .showHelpAfterError('(see istio-mtls plan --help)')
    .addHelpText('after', HELP)
    .action(async (given: string[], values: Options) => {
      const used = configured(verb, given, values);
      const { options, configuration } = used;
      const paths = pathsOf(verb, given, used);
      const read = await readTwoStates(verb, context, paths, options, configuration);
      if (!read) return;
      context.terminal.progress.show(() => 'Planning …');
      const known = { ...read.known, onlyDeclaredCalls: !options.allCalls };
      const printing = { context, options, said: saidBy(configuration), note: configurationNote(configuration) };
      await planned({ ...read, known }, values.failOn, printing);
    });
}

/** The former options of `plan`, and the command that replaces each. */
const FORMER: readonly (readonly [name: string, argument: string, instead: (value: string) => string])[] = [
  ['to', ' <mode>', (mode) => (['STRICT', 'PERMISSIVE', 'DISABLE'].includes(mode)
    ? `plan to-${mode.toLowerCase()} PATH`
    : 'plan to-strict PATH, plan to-permissive PATH or plan to-disable PATH')],
  ['to-trust-domain', ' <name>', () => 'plan to-trust-domain NAME PATH'],
  ['calls-query', '', () => 'queries plaintext'],
  ['refused-query', '', () => 'queries refused'],
];

function refuseFormer(verb: Command): void {
  for (const [name, argument, instead] of FORMER) {
    verb.addOption(new Option(`--${name}${argument}`).hideHelp());
    verb.on(`option:${name}`, (value: string) => verb.error(
      `error: --${name} is a former option of plan; expected the command that replaces it. Fix: run istio-mtls ${instead(value)}`,
    ));
  }
}

/** Refuses an option before a command of `plan`: it would belong to `plan` itself and have no effect. */
function refuseBefore(verb: Command, name: string): void {
  const before = verb.options.find((option) => {
    const attribute = option.attributeName();
    return verb.getOptionValueSource(attribute) === 'cli' && option.negate === (verb.getOptionValue(attribute) === false);
  });
  if (before) {
    verb.error(`error: ${before.long} comes before ${name}; expected options after the command. Fix: move it behind ${name}, `
      + `or write ./${name} if that is a folder`);
  }
}

/** Plans the stages from one state to another. */
async function planned(read: TwoStates, failOn: PlanGateWords, printing: FolderPrinting): Promise<void> {
  const { context: { terminal, finish }, options, said } = printing;
  const { exitCodeOfPlan, plan } = late<typeof import('./report')>(() => require('./report'));
  const report = { ...await plan(read.states, read.known, read.elsewhere, failOn), configuration: fileOf(said), said };
  terminal.progress.clear();
  finish(exitCodeOfPlan(report));
  await printReport(folderOf(report), report, printed(report, options, terminal), printing);
}

/** The report in a format, whose module is loaded only then. */
function printed(report: PlanReport, { output, all = false }: PlanOptions, terminal: Terminal): string {
  switch (output) {
    case 'json': return late<typeof import('./json')>(() => require('./json')).planJson(report);
    case 'markdown': return late<typeof import('./markdown')>(() => require('./markdown')).planMarkdown(report);
    default: return late<typeof import('./text')>(() => require('./text')).planText(report, { all, printer: printerFor(terminal) });
  }
}
