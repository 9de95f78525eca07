import { Command, Option } from 'commander';
import type { Afterwards } from './folder';
import type { PlanReport } from './report';
import { printable, redacted } from '../../findings/safe-text';
import type { Target } from '../../migration/target';
import { late } from '../../modules/late';
import { saidBy } from '../findings/configuration-text';
import type { SaidByFile } from '../findings/report';
import type { StatePaths } from '../input/states';
import { problemInWriting, WrittenFile } from '../output/numbered-folders';
import { pathsOf, readTwoStates, tellStates, TwoStates, TwoStatesOptions, twoStatesOptions } from '../program/two-states';
import { VerbContext } from '../program/verb';
import type { MigrationReport } from './migration/report';
import type { TrustDomainReport } from './to-trust-domain/report';
import { printerFor } from '../output/printer';
import { Terminal } from '../output/terminal';
import { configurationNote, configured, dateOption } from '../program/settings';

/** How `plan` can print. */
const PLAN_FORMATS = ['text', 'json', 'markdown'] as const;

interface Options extends TwoStatesOptions {
  readonly output: typeof PLAN_FORMATS[number];
  readonly all?: boolean;
  readonly out?: string;
  readonly to?: Target['mode'];
  readonly toTrustDomain?: string;
  readonly scope?: string;
  readonly acceptPossible?: boolean;
  readonly calls: readonly string[];
  readonly acceptUnknown: readonly string[];
  readonly callsQuery?: boolean;
  readonly refusedQuery?: boolean;
  readonly window?: string;
  readonly date?: string;
}

const HELP = `
OLD and NEW are each a file, a folder, a pattern in quotes, - for standard input, or git:REV[:PATH], as for diff.
With --onto and NEW alone, the plan leads from the cluster to its state after NEW is applied.
With --to and one path, the plan leads from that state to one in which servers have that mode. Callers that this would
cut off keep working: the plan removes a rule, adds a sidecar or leaves a port PERMISSIVE. If auto mTLS is off, --to STRICT
turns it on in the mesh config's ConfigMap, or adds rules with ISTIO_MUTUAL instead.

With --to-trust-domain and one path, the plan leads from that state to one whose certificates have another trust domain:
through aliases, and rules and policies that name both for a while. The manifests must include each istiod's ConfigMap.

With --calls, the plan uses measured calls: FILE is the Prometheus response to the query of --calls-query over the --window
that you choose. A client seen sending plaintext keeps working, as if its manifest named the call. A
server keeps its mode if unidentified callers send it plaintext, or if its proxies weren't scraped throughout.

Within a stage, changes may be applied and reach proxies in any order: no call that works
before and after breaks in between, no call that is encrypted before and after is sent in plaintext, and no port
accepts more plaintext than before or after.

Exit code:
  0  there are stages, all proven, or the change is safe to apply at once
  1  no safe order was found, a stage isn't proven, calls would be lost without --accept-possible, or servers keep
     their mode without --accept-unknown; with --to-trust-domain, there is no plan, or something names the old
     trust domain for an unknown purpose
  2  some input could not be read

Examples:
  $ istio-mtls plan git:main dist/
  $ istio-mtls plan git:main dist/ --out plan/
  $ istio-mtls plan --onto cluster.yaml dist/ -o markdown > comment.md
  $ istio-mtls plan --to STRICT cluster.yaml
  $ istio-mtls plan --to STRICT --scope shop/web --accept-possible cluster.yaml --out plan/
  $ istio-mtls plan --to-trust-domain mesh.example cluster.yaml --out plan/
  $ curl -fsS "$PROMETHEUS/api/v1/query" --data-urlencode "query=$(istio-mtls plan --calls-query)" > calls.json
  $ istio-mtls plan --to STRICT --calls calls.json cluster.yaml
`;

/** `istio-mtls plan`: the stages of a change in which nothing breaks on the way. */
export function planVerb(program: Command, context: VerbContext): void {
  const verb = program.command('plan')
    .summary('split a change into stages that never break a connection')
    .description('Splits a change to manifests into stages, so that no connection is ever worse than it is before and after the change, whichever proxies already have it.')
    .argument('[path...]', 'OLD and NEW; with --onto, NEW alone; with --to or --to-trust-domain, the current state')
    .usage('[options] <old> <new>')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(PLAN_FORMATS).default('text'))
    .option('--out <folder>', 'write the stages, and how to roll back, as numbered folders of manifests')
    .addOption(new Option('--to <mode>', 'plan how servers reach this mode, instead of NEW').choices(['STRICT', 'PERMISSIVE', 'DISABLE']))
    .option('--to-trust-domain <name>', 'plan how certificates move to this trust domain, instead of NEW')
    .option('--scope <namespace[/workload]>', 'servers that --to applies to; defaults to all')
    .option('--accept-possible', 'with --to, accept losing calls that no manifest says are made')
    .addOption(listOption('--calls <file>', 'with --to STRICT, the Prometheus response to the query of --calls-query; may be repeated, one per Prometheus'))
    .addOption(listOption('--accept-unknown <namespace[/workload]>', 'with --calls, accept unknown callers of these servers; may be repeated'))
    .option('--calls-query', 'print the Prometheus query for clients that send plaintext, and exit')
    .option('--refused-query', 'print the Prometheus query for clients that STRICT servers refuse, and exit')
    .option('--window <duration>', 'time range of the query: 1h to 90d, in h, d or w (default: 25h, of --refused-query 1h)')
    .addOption(dateOption('the age of measurements'))
    .option('--all', 'show every step and caller in the text');
  for (const option of twoStatesOptions()) verb.addOption(option);
  verb
    .showHelpAfterError('(see istio-mtls plan --help)')
    .addHelpText('after', HELP)
    .action(async (given: string[], values: Options) => {
      if (values.callsQuery || values.refusedQuery) return context.terminal.out(queryFor(verb, values));
      if (values.window !== undefined) verb.error('error: --window is given without --calls-query or --refused-query; expected both: a file says itself how long it looks back');
      if (given.length === 0) verb.error('error: missing required argument \'path\'');
      const { options, configuration } = configured(verb, given, values);
      const onto = [...configuration?.with ?? [], ...options.onto];
      checkTrustDomain(verb, options);
      if (options.to !== undefined && options.toTrustDomain !== undefined) verb.error('error: --to and --to-trust-domain; expected one of them');
      const isOfOneState = options.to !== undefined || options.toTrustDomain !== undefined;
      const paths = isOfOneState ? pathOf(verb, given, onto) : pathsOf(verb, given, onto);
      if (options.to === undefined && options.scope !== undefined) verb.error('error: --scope is given without --to; expected both');
      if (options.calls.length > 0 && options.to !== 'STRICT') verb.error('error: --calls is given without --to STRICT; expected both: who sends plaintext was measured');
      if (options.acceptUnknown.length > 0 && options.calls.length === 0) verb.error('error: --accept-unknown is given without --calls; expected both');
      const read = await readTwoStates(verb, context, paths, options, configuration, options.calls);
      if (!read) return;
      context.terminal.progress.show(() => 'Planning …');
      const printing: Printing = { context, options, said: saidBy(configuration), note: configurationNote(configuration) };
      if (options.toTrustDomain !== undefined) await toTrustDomain(read, options.toTrustDomain, printing);
      else if (options.to === undefined) await planned(read, printing);
      else await migrated(verb, read, { mode: options.to, scope: options.scope }, printing);
    });
}

function listOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, known: readonly string[]) => [...known, value]).default([], 'none');
}

/** The query that is asked for. */
function queryFor(verb: Command, { callsQuery, refusedQuery, window: given }: Pick<Options, 'callsQuery' | 'refusedQuery' | 'window'>): string {
  // Loaded when it runs: the other verbs don't wait for it.
  const queries = late<typeof import('../../migration/calls-query')>(() => require('../../migration/calls-query'));
  if (callsQuery && refusedQuery) verb.error('error: --calls-query and --refused-query; expected one of them');
  const window = queries.measuredWindow(given ?? (callsQuery ? queries.DEFAULT_WINDOW : queries.DEFAULT_REFUSED_WINDOW));
  if (!window) verb.error(`error: --window is '${printable(given!)}'; expected 1h to 90d, in whole h, d or w`);
  return callsQuery ? queries.callsQuery(window) : queries.refusedQuery(window);
}

/** How a run prints. */
interface Printing {
  readonly context: VerbContext;
  readonly options: Options;
  readonly said?: SaidByFile;
  readonly note: string;
}

function checkTrustDomain(verb: Command, { toTrustDomain: name }: Pick<Options, 'toTrustDomain'>): void {
  if (name === undefined) return;
  const { isTrustDomain } = late<typeof import('../../migration/trust-domain/trust')>(() => require('../../migration/trust-domain/trust'));
  if (!isTrustDomain(name)) verb.error(`error: --to-trust-domain is '${printable(redacted(name))}'; expected DNS labels of letters, digits and dashes, joined by dots, such as mesh.example`);
}

/** The one state that `--to` begins with: it is both before and, but for policies, after. */
function pathOf(verb: Command, given: readonly string[], onto: readonly string[]): StatePaths {
  const option = verb.opts<Options>().to === undefined ? '--to-trust-domain' : '--to';
  if (given.length > 1) verb.error(`error: ${given.length} paths; expected one with ${option}`);
  if (onto.length > 0) verb.error(`error: --onto and ${option}; expected one of them: what the cluster holds is the state to begin with`);
  return { before: given[0], after: given[0], isOnePath: true, onto: [] };
}

/** The stages from one state to another. */
async function planned(read: TwoStates, printing: Printing): Promise<void> {
  const { context: { terminal, finish }, options, said } = printing;
  // Loaded when it runs: the other verbs don't wait for it.
  const { exitCodeOfPlan, plan } = late<typeof import('./report')>(() => require('./report'));
  const report = { ...await plan(read.states, read.known, read.elsewhere), configuration: said?.file, said };
  terminal.progress.clear();
  finish(exitCodeOfPlan(report));
  await shown(folderOf(report), report, printedPlan(report, options, terminal), printing);
}

/** The way of one state to a mode. */
async function migrated(verb: Command, { states, known, elsewhere }: TwoStates, target: Target, printing: Printing): Promise<void> {
  const { context: { terminal, finish }, options, said } = printing;
  const { afterwardsOf, exitCodeOfMigration, migration } = late<typeof import('./migration/report')>(() => require('./migration/report'));
  const { MeasurementError } = late<typeof import('../../migration/measurements')>(() => require('../../migration/measurements'));
  const { UnknownScopeError } = late<typeof import('../../migration/target')>(() => require('../../migration/target'));
  const { calls, acceptUnknown, date } = options;
  const files = calls.length === 0 ? undefined : { paths: calls, accepted: acceptUnknown, today: date ?? terminal.today() };
  const found = await migration(states, target, known, elsewhere, files).catch((error: unknown) => {
    if (error instanceof UnknownScopeError || error instanceof MeasurementError) verb.error(`error: ${printable(redacted(error.message))}`);
    throw error;
  });
  const report = { ...found, configuration: said?.file, said };
  terminal.progress.clear();
  finish(exitCodeOfMigration(report, options.acceptPossible ?? false));
  const { compared } = report;
  const read = { ...compared, before: { ...compared.before, skipped: [] } };
  await shown(report.plan && folderOf(report.plan, afterwardsOf(report)), read, printedMigration(report, options, terminal), printing);
}

/** The way of one state to another trust domain. */
async function toTrustDomain({ states, known, elsewhere }: TwoStates, to: string, printing: Printing): Promise<void> {
  const { context: { terminal, finish }, options, said } = printing;
  // Loaded when it runs: the other verbs don't wait for it.
  const { exitCodeOfTrustDomain, trustDomainReport } = late<typeof import('./to-trust-domain/report')>(() => require('./to-trust-domain/report'));
  const files = () => late<typeof import('./to-trust-domain/folder')>(() => require('./to-trust-domain/folder')).trustDomainFiles(report);
  const report = { ...await trustDomainReport(states, to, known, elsewhere), configuration: said?.file, said };
  terminal.progress.clear();
  finish(exitCodeOfTrustDomain(report));
  const { compared } = report;
  const isWhole = compared.before.unreadable.length === 0;
  const isMade = report.stages.length > 0 && report.stages.every(({ plan: { stages } }) => stages);
  const read = { ...compared, before: { ...compared.before, skipped: [] }, notes: report.notes };
  await shown({ isWhole, files: isMade ? files : undefined }, read, printedTrustDomain(report, options, terminal), printing);
}

/** What `--out` writes. */
interface Folder {
  /** Of what is only partly known nothing is written: it would delete what couldn't be read. */
  readonly isWhole: boolean;
  /** Undefined: there are no stages. */
  readonly files?: () => readonly WrittenFile[];
}

/** Prints a report, once its folders are written. */
async function shown(folder: Folder | undefined, read: Parameters<typeof tellStates>[0], text: string, printing: Printing): Promise<void> {
  const { context: { terminal, finish }, options, note } = printing;
  if (options.out !== undefined && folder && !isWritten(folder, options.out, terminal)) {
    finish(2);
    return;
  }
  if (options.output === 'markdown') terminal.error(note);
  await terminal.out(text);
  if (options.output !== 'json') await tellStates(read, options.listSkipped ?? false, terminal, options.output === 'text');
}

/** The folders of a plan. */
function folderOf(report: PlanReport, afterwards?: Afterwards): Folder {
  const isWhole = report.before.unreadable.length + report.after.unreadable.length === 0;
  const files = () => late<typeof import('./folder')>(() => require('./folder')).planFiles(report, afterwards);
  return { isWhole, files: report.stages && files };
}

/** Writes the folders; what stands in the way is told. */
function isWritten({ isWhole, files }: Folder, folder: string, terminal: Terminal): boolean {
  if (!isWhole || !files) {
    terminal.error(`${printable(folder)} isn't written, since ${isWhole ? 'there are no stages' : 'something could not be read'}.\n`);
    return true;
  }
  const problem = problemInWriting(files(), folder);
  if (problem !== undefined) terminal.error(`${printable(problem)}\n`);
  return problem === undefined;
}

function printedPlan(report: PlanReport, { output, all = false }: Options, terminal: Terminal): string {
  switch (output) {
    case 'json': return late<typeof import('./json')>(() => require('./json')).planJson(report);
    case 'markdown': return late<typeof import('./markdown')>(() => require('./markdown')).planMarkdown(report);
    default: return late<typeof import('./text')>(() => require('./text')).planText(report, { all, printer: printerFor(terminal) });
  }
}

function printedMigration(report: MigrationReport, options: Options, terminal: Terminal): string {
  const { output, all = false, acceptPossible: acceptsPossible = false } = options;
  switch (output) {
    case 'json': return late<typeof import('./migration/json')>(() => require('./migration/json')).migrationJson(report);
    case 'markdown': return late<typeof import('./migration/markdown')>(() => require('./migration/markdown')).migrationMarkdown(report);
    default: {
      const { migrationText } = late<typeof import('./migration/text')>(() => require('./migration/text'));
      return migrationText(report, { all, acceptsPossible, printer: printerFor(terminal) });
    }
  }
}

function printedTrustDomain(report: TrustDomainReport, { output, all = false }: Options, terminal: Terminal): string {
  if (output === 'json') return late<typeof import('./to-trust-domain/json')>(() => require('./to-trust-domain/json')).trustDomainJson(report);
  const { trustDomainMarkdown, trustDomainText } = late<typeof import('./to-trust-domain/text')>(() => require('./to-trust-domain/text'));
  return output === 'markdown' ? trustDomainMarkdown(report) : trustDomainText(report, { all, printer: printerFor(terminal) });
}
