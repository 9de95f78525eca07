import { Command, Option } from 'commander';
import { printable, redacted } from '../../findings/safe-text';
import { EXPLAIN_FORMATS, ExplainFormat } from '../formats';
import { meshOptions, MeshOptionValues, sourceOptions, SourceOptionValues } from '../options';
import { printerFor } from '../printer';
import { configurationOptions, configured } from '../settings';
import { answers, readOneState, tellState } from './one-state';
import { PATH_HELP, VerbContext } from './verb';

interface Options extends MeshOptionValues, SourceOptionValues {
  readonly output: ExplainFormat;
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
    .description('Explains step by step how one client\'s calls reach a service: what the name resolves to, which listener, route and cluster handle the call, which DestinationRule and PeerAuthentication apply and which don\'t, and both sides of the TLS. If the call is broken or in plaintext, also what the caller sees and how to fix it.')
    .argument('<client>', 'a workload: namespace/name, kind/namespace/name, or a name, label or construct path that means one')
    .argument('<service>', 'a service: namespace/name, a host, a cluster IP, or a name in the client\'s namespace; optionally with :port')
    .argument('[path...]', 'files, folders, patterns, or - for standard input; defaults to the paths in the configuration file')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(EXPLAIN_FORMATS).default('text'));
  for (const option of [...sourceOptions(), ...meshOptions(), ...configurationOptions()]) verb.addOption(option);
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
        /* eslint-disable @typescript-eslint/no-require-imports -- loaded when it runs: the other verbs don't wait for it */
        const { explained } = require('../explain/explain') as typeof import('../explain/explain');
        const report = explained(state.admitted, known, { client, service, namespace });
        terminal.progress.clear();
        if (output === 'json') {
          const { explainJson } = require('../explain/explain-json') as typeof import('../explain/explain-json');
          await terminal.out(explainJson(report, reading, refused, used.configuration?.file));
        } else {
          const { explainText } = require('../explain/explain-text') as typeof import('../explain/explain-text');
          terminal.error(report.notes.map((text) => `${printable(redacted(text))}\n`).join(''));
          await terminal.out(explainText(report, printerFor(terminal)));
        }
        /* eslint-enable @typescript-eslint/no-require-imports */
      }, context);
      if (!isAnswered) return;
      if (output === 'text') await tellState(state, listSkipped, terminal);
      finish(reading.unreadable.length > 0 ? 2 : 0);
    });
}
