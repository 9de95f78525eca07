import { Command, Option } from 'commander';
import { printable, redacted } from '../../findings/safe-text';
import { late } from '../../modules/late';
import { fileOf } from '../findings/configuration-file';
import { printerFor } from '../output/printer';
import { answers, readOneState, tellState } from '../program/one-state';
import { meshModeOption, meshOptions, MeshOptionValues, sourceOptions, SourceOptionValues } from '../program/options';
import { configurationOptions, configured } from '../program/settings';
import { PATH_HELP, VerbContext } from '../program/verb';

/** The output formats of `explain`. */
const EXPLAIN_FORMATS = ['text', 'json'] as const;

interface Options extends MeshOptionValues, SourceOptionValues {
  readonly output: typeof EXPLAIN_FORMATS[number];
}

const HELP = `${PATH_HELP}
<clusterIP> and <podIP> in listener names stand for addresses that manifests don't hold.

Exit code:
  0  the call is explained, whatever its outcome
  2  some input could not be read, or the mesh has no such client or service

Examples:
  $ istio-mtls explain shop/web shop/ratings:9080 dist/
  $ istio-mtls explain cronjob/shop/report ratings.shop.svc.cluster.local dist/
  $ istio-mtls explain shop/web shop/ratings:9080 dist/ -o json
`;

/** `istio-mtls explain`: one call step by step, from its name to what its caller sees. */
export function explainVerb(program: Command, context: VerbContext): void {
  const { terminal, finish } = context;
  const verb = program.command('explain')
    .summary('explain one call step by step and how to fix it')
    .description('Explains step by step how one client\'s calls reach a service: what the name resolves to, which listener, '
      + 'route and cluster handle the call, which DestinationRule and PeerAuthentication apply and which don\'t, '
      + 'and both sides of the TLS. If the call is broken or in plaintext, also what the caller sees and how to fix it.')
    .argument('<client>', 'a workload: namespace/name, kind/namespace/name, or a name, label or construct path that means one')
    .argument('<service>', 'a service: namespace/name, a host, a cluster IP, or a name in the client\'s namespace; optionally with :port')
    .argument('[path...]', 'files, folders, patterns, or - for standard input; defaults to the paths in the configuration file')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(EXPLAIN_FORMATS).default('text'));
  for (const option of [...sourceOptions(), ...meshOptions(), meshModeOption(), ...configurationOptions()]) verb.addOption(option);
  verb
    .showHelpAfterError('(see istio-mtls explain --help)')
    .addHelpText('after', HELP)
    .action(async (client: string, service: string, given: string[], values: Options) => {
      const used = configured(verb, given, values);
      const { output, namespace, listSkipped = false } = used.options;
      const state = await readOneState(context, used, output === 'text');
      if (!state) return;
      const { reading, refused, known } = state;
      const isAnswered = await answers(async () => {
        // Loaded when it runs: the other verbs don't wait for it.
        const { explained } = late<typeof import('./report')>(() => require('./report'));
        const report = explained(state.admitted, known, { client, service, namespace });
        terminal.progress.clear();
        if (output === 'json') {
          const { explainJson } = late<typeof import('./json')>(() => require('./json'));
          await terminal.out(explainJson(report, reading, refused, fileOf(used.configuration)));
        } else {
          const { explanationText } =
            late<typeof import('../../explain/text/explanation-text')>(() => require('../../explain/text/explanation-text'));
          terminal.error(report.notes.map((text) => `${printable(redacted(text))}\n`).join(''));
          await terminal.out(report.explanations.map((one) => explanationText(one, printerFor(terminal))).join('\n'));
        }
      }, context);
      if (!isAnswered) return;
      if (output === 'text') await tellState(state, listSkipped, terminal);
      finish(reading.unreadable.length > 0 ? 2 : 0);
    });
}
