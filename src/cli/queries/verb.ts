import { Argument, Command } from 'commander';
import { printable } from '../../findings/safe-text';
import { late } from '../../modules/late';
import { VerbContext } from '../program/verb';

/** The queries, by the clients that they find. */
const QUERIES = ['plaintext', 'refused'] as const;

interface Options {
  readonly window?: string;
}

const HELP = `
plaintext finds clients that send plaintext; istio-mtls plan to-strict --calls reads the response.
refused finds clients that STRICT servers refuse.

Exit code:
  0  the query is printed
  2  no such query, or the window is invalid

Examples:
  $ istio-mtls queries plaintext --window 7d
  $ istio-mtls queries refused
  $ curl -fsS "$PROMETHEUS/api/v1/query" --data-urlencode "query=$(istio-mtls queries plaintext)" > calls.json
`;

/** `istio-mtls queries`: Prometheus queries for callers. */
export function queriesVerb(program: Command, { terminal }: VerbContext): void {
  const verb = program.command('queries')
    .summary('print the Prometheus queries for callers')
    .description('Prints a Prometheus query that finds the callers of servers from the metrics of Istio\'s sidecars.')
    .addArgument(new Argument('<query>',
      'the clients to find: those that send plaintext, or those that STRICT servers refuse').choices(QUERIES))
    .option('--window <duration>', 'time range of the query: 1h to 90d, in h, d or w (default: 25h, for refused 1h)');
  verb
    .showHelpAfterError('(see istio-mtls queries --help)')
    .addHelpText('after', HELP)
    .action(async (query: typeof QUERIES[number], { window: given }: Options) => {
      const queries = late<typeof import('../../migration/calls-query')>(() => require('../../migration/calls-query'));
      const window = queries.measuredWindow(given ?? (query === 'plaintext' ? queries.DEFAULT_WINDOW : queries.DEFAULT_REFUSED_WINDOW));
      if (!window) return verb.error(`error: --window is '${printable(given!)}'; expected 1h to 90d, in whole h, d or w`);
      await terminal.out(query === 'plaintext' ? queries.callsQuery(window) : queries.refusedQuery(window));
    });
}
