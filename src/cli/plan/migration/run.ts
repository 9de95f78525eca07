import { Command, Option } from 'commander';
import type { MigrationReport } from './report';
import { printable, redacted } from '../../../findings/safe-text';
import type { ModeTarget } from '../../../migration/target';
import { late } from '../../../modules/late';
import { fileOf } from '../../findings/configuration-file';
import { printerFor } from '../../output/printer';
import { Terminal } from '../../output/terminal';
import { VerbContext } from '../../program/verb';
import { CURRENT_STATE_HELP, currentStateOptions, readCurrentState } from '../current-state';
import { folderOf, PlanOptions, printReport } from '../folders';

interface Options extends PlanOptions {
  readonly scope?: string;
  readonly acceptPossible?: boolean;
  readonly calls?: readonly string[];
  readonly acceptUnknown?: readonly string[];
  readonly date?: string;
}

/** A verb of `plan` that migrates servers to a mode. */
export interface MigrationVerb {
  readonly name: string;
  readonly mode: ModeTarget['mode'];
  readonly description: string;
  /** The help between PATH and the exit codes. */
  readonly help: string;
  readonly examples: readonly string[];
}

const exitCodes = (others: string) => `
Exit code:
  0  there are stages, all proven, or servers have the mode already
  1  no safe order was found, a stage isn't proven, or calls would be lost without --accept-possible${others}
  2  some input could not be read
`;

/** Adds such a verb and returns it, so that options of one mode can be added. */
export function addMigrationVerb(plan: Command, context: VerbContext, { name, mode, description, help, examples }: MigrationVerb): Command {
  const verb = plan.command(name)
    .summary(`plan how servers reach ${mode}`)
    .description(description)
    .argument('<path>', 'the current state')
    .option('--scope <namespace[/workload]>', 'the servers to move; defaults to all')
    .option('--accept-possible', 'accept losing calls that no manifest says are made');
  for (const option of currentStateOptions()) verb.addOption(option);
  const others = mode === 'STRICT' ? ',\n     or servers keep their mode without --accept-unknown' : '';
  return verb
    .showHelpAfterError(`(see istio-mtls plan ${name} --help)`)
    .addHelpText('after',
      `${CURRENT_STATE_HELP}${help}${exitCodes(others)}\nExamples:\n${examples.map((line) => `  $ ${line}\n`).join('')}`)
    .action(async (path: string, values: Options) => migrated(verb, context, path, mode, values));
}

/** An option that may be repeated. */
export function listOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, known: readonly string[]) => [...known, value]).default([], 'none');
}

/** Plans the migration of one state to a mode. */
async function migrated(verb: Command, context: VerbContext, path: string, mode: ModeTarget['mode'], values: Options): Promise<void> {
  const { terminal, finish } = context;
  const { calls = [], acceptUnknown = [], scope } = values;
  if (acceptUnknown.length > 0 && calls.length === 0) verb.error('error: --accept-unknown is given without --calls; expected both');
  const current = await readCurrentState(verb, context, path, values, calls);
  if (!current) return;
  const { read: { states, known, elsewhere }, options, printing } = current;
  const { afterwardsOf, exitCodeOfMigration, migration } = late<typeof import('./report')>(() => require('./report'));
  const { MeasurementError } = late<typeof import('../../../migration/measurements')>(() => require('../../../migration/measurements'));
  const { UnknownScopeError } = late<typeof import('../../../migration/target')>(() => require('../../../migration/target'));
  const files = calls.length === 0 ? undefined : { paths: calls, accepted: acceptUnknown, today: options.date ?? terminal.today() };
  const found = await migration(states, { mode, scope }, known, elsewhere, files).catch((error: unknown) => {
    if (error instanceof UnknownScopeError || error instanceof MeasurementError) verb.error(`error: ${printable(redacted(error.message))}`);
    throw error;
  });
  const report = { ...found, configuration: fileOf(printing.said), said: printing.said };
  terminal.progress.clear();
  finish(exitCodeOfMigration(report, options.acceptPossible ?? false));
  const { compared } = report;
  const read = { ...compared, before: { ...compared.before, skipped: [] } };
  await printReport(report.plan && folderOf(report.plan, afterwardsOf(report)), read, printed(report, options, terminal), printing);
}

/** The report in a format, whose module is loaded only then. */
function printed(report: MigrationReport, options: Options, terminal: Terminal): string {
  const { output, all = false, acceptPossible: acceptsPossible = false } = options;
  switch (output) {
    case 'json': return late<typeof import('./json')>(() => require('./json')).migrationJson(report);
    case 'markdown': return late<typeof import('./markdown')>(() => require('./markdown')).migrationMarkdown(report);
    default: return late<typeof import('./text')>(() => require('./text')).migrationText(
      report, { all, acceptsPossible, printer: printerFor(terminal) },
    );
  }
}
