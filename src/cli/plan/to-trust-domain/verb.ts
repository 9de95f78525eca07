import { Command } from 'commander';
import type { TrustDomainReport } from './report';
import { printable, redacted } from '../../../findings/safe-text';
import { late } from '../../../modules/late';
import { fileOf } from '../../findings/configuration-file';
import { printerFor } from '../../output/printer';
import { Terminal } from '../../output/terminal';
import { VerbContext } from '../../program/verb';
import { CURRENT_STATE_HELP, currentStateOptions, readCurrentState } from '../current-state';
import { PlanOptions, printReport } from '../folders';

const HELP = `${CURRENT_STATE_HELP}
The plan leads from the current state to one whose certificates have the trust domain NAME. In between, aliases, rules and
policies name both trust domains. The manifests must include each istiod's ConfigMap.

Exit code:
  0  there are stages, all proven
  1  there is no plan, a stage isn't proven, or something names the old trust domain for an unknown purpose
  2  some input could not be read

Examples:
  $ istio-mtls plan to-trust-domain mesh.example cluster.yaml
  $ istio-mtls plan to-trust-domain mesh.example cluster.yaml --out plan/
`;

/** `istio-mtls plan to-trust-domain`: the stages from one trust domain to another. */
export function planToTrustDomainVerb(plan: Command, context: VerbContext): void {
  const verb = plan.command('to-trust-domain')
    .summary('plan how certificates move to another trust domain')
    .description('Plans how the certificates of a mesh move to another trust domain, in stages that never break a connection.')
    .argument('<name>', 'the trust domain to move to')
    .argument('<path>', 'the current state');
  for (const option of currentStateOptions()) verb.addOption(option);
  verb
    .showHelpAfterError('(see istio-mtls plan to-trust-domain --help)')
    .addHelpText('after', HELP)
    .action(async (name: string, path: string, values: PlanOptions) => toTrustDomain(verb, context, { name, path, values }));
}

interface Question {
  readonly name: string;
  readonly path: string;
  readonly values: PlanOptions;
}

async function toTrustDomain(verb: Command, context: VerbContext, { name, path, values }: Question): Promise<void> {
  const { isTrustDomain } =
    late<typeof import('../../../migration/trust-domain/trust')>(() => require('../../../migration/trust-domain/trust'));
  if (!isTrustDomain(name)) {
    verb.error(`error: the trust domain is '${printable(redacted(name))}'; expected DNS labels of letters, digits and dashes, `
      + 'joined by dots, such as mesh.example');
  }
  const current = await readCurrentState(verb, context, path, values);
  if (!current) return;
  const { read: { states, known, elsewhere }, options, printing } = current;
  const { terminal, finish } = context;
  const { exitCodeOfTrustDomain, trustDomainReport } = late<typeof import('./report')>(() => require('./report'));
  const files = () => late<typeof import('./folder')>(() => require('./folder')).trustDomainFiles(report);
  const report = { ...await trustDomainReport(states, name, known, elsewhere), configuration: fileOf(printing.said), said: printing.said };
  terminal.progress.clear();
  finish(exitCodeOfTrustDomain(report));
  const { compared } = report;
  const isWhole = compared.before.unreadable.length === 0;
  const isMade = report.stages.length > 0 && report.stages.every(({ parts }) => parts);
  const read = { ...compared, before: { ...compared.before, skipped: [] }, notes: report.notes };
  await printReport({ isWhole, files: isMade ? files : undefined }, read, printed(report, options, terminal), printing);
}

/** The report in a format, whose module is loaded only then. */
function printed(report: TrustDomainReport, { output, all = false }: PlanOptions, terminal: Terminal): string {
  switch (output) {
    case 'json': return late<typeof import('./json')>(() => require('./json')).trustDomainJson(report);
    case 'markdown': return late<typeof import('./markdown')>(() => require('./markdown')).trustDomainMarkdown(report);
    default: return late<typeof import('./text')>(() => require('./text')).trustDomainText(report, { all, printer: printerFor(terminal) });
  }
}
