import { Command } from 'commander';
import { printable } from '../../findings/safe-text';
import { late } from '../../modules/late';
import { VerbContext } from '../program/verb';

interface Options {
  readonly context?: string;
}

const HELP = `
Read-only: runs kubectl get with your own access. Never reads Secrets; keeps only istiod's ConfigMaps, and only
container environment values that may be addresses. The output is input for --with and --onto.

Exit code:
  0  printed
  2  some input could not be read; the rest is still printed, but may be too little to decide calls

Examples:
  $ istio-mtls snapshot > cluster.json
  $ istio-mtls snapshot --context prod > prod.json
  $ istio-mtls diff --onto cluster.json dist/
`;

/** `istio-mtls snapshot`: writes the objects of a cluster that make its mesh. */
export function snapshotVerb(program: Command, { terminal, finish }: VerbContext): void {
  program.command('snapshot')
    .summary('print the objects of a cluster that define its mesh')
    .description('Prints the objects of a cluster that define its mesh, as input for --with and --onto of other commands.')
    .option('--context <name>', 'the kubeconfig context; defaults to the current one')
    .showHelpAfterError('(see istio-mtls snapshot --help)')
    .addHelpText('after', HELP)
    .action(async ({ context }: Options) => {
      // Loaded when it runs: the other verbs don't wait for it.
      const { Kubectl, KubectlError } = late<typeof import('./kubectl')>(() => require('./kubectl'));
      const { snapshotOf, snapshotText } = late<typeof import('./snapshot')>(() => require('./snapshot'));
      try {
        const snapshot = snapshotOf(new Kubectl(context, terminal.env),
          (resource) => terminal.progress.show(() => `Reading ${resource} …`));
        terminal.progress.clear();
        finish(snapshot.unread.length > 0 ? 2 : 0);
        terminal.error(snapshot.unread.map((one) => `${printable(`can't read ${one}`)}\n`).join(''));
        await terminal.out(snapshotText(snapshot));
      } catch (error) {
        if (!(error instanceof KubectlError)) throw error;
        terminal.progress.clear();
        const tried = `kubectl get namespaces${context === undefined ? '' : ` --context=${context}`}`;
        terminal.error(`${printable(`the cluster can't be read: ${error.message}. Fix: try ${tried}`)}.\n`);
        finish(2);
      }
    });
}
