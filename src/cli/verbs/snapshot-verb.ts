import { Command } from 'commander';
import { VerbContext } from './verb';
import { printable } from '../../findings/safe-text';

interface Options {
  readonly context?: string;
}

const HELP = `
Reads only: kubectl get, with your own access. Secrets aren't read; of ConfigMaps only istiod's are kept, and of
variables of containers only values that may be addresses. What is printed is what --with and --onto take.

Exit code:
  0  printed
  2  something could not be read; the rest is printed all the same, and may be too little to judge by

Examples:
  $ istio-mtls snapshot > cluster.json
  $ istio-mtls snapshot --context prod > prod.json
  $ istio-mtls diff --onto cluster.json dist/
`;

/** `istio-mtls snapshot`: what a mesh in a cluster is made of. */
export function snapshotVerb(program: Command, { terminal, finish }: VerbContext): void {
  program.command('snapshot')
    .summary('print the objects of a cluster that its mesh is made of')
    .description('Prints the objects of a cluster that its mesh is made of, for --with and --onto of the other verbs.')
    .option('--context <name>', 'the context of the kubeconfig; the current one unless given')
    .showHelpAfterError('(istio-mtls snapshot --help tells more)')
    .addHelpText('after', HELP)
    .action(async ({ context }: Options) => {
      // Loaded when it runs: the other verbs don't wait for it.
      /* eslint-disable @typescript-eslint/no-require-imports */
      const { Kubectl, KubectlError } = require('../snapshot/kubectl') as typeof import('../snapshot/kubectl');
      const { snapshotOf, snapshotText } = require('../snapshot/snapshot') as typeof import('../snapshot/snapshot');
      /* eslint-enable @typescript-eslint/no-require-imports */
      try {
        const snapshot = snapshotOf(new Kubectl(context, terminal.env), (resource) => terminal.progress.show(() => `Reading ${resource} …`));
        terminal.progress.clear();
        finish(snapshot.unread.length > 0 ? 2 : 0);
        terminal.error(snapshot.unread.map((one) => `${printable(`can't read ${one}`)}\n`).join(''));
        await terminal.out(snapshotText(snapshot));
      } catch (error) {
        if (!(error instanceof KubectlError)) throw error;
        terminal.progress.clear();
        terminal.error(`${printable(`the cluster can't be read: ${error.message}. Fix: try kubectl get namespaces${context === undefined ? '' : ` --context=${context}`}`)}.\n`);
        finish(2);
      }
    });
}
