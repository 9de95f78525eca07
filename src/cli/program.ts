import { Command } from 'commander';
import { Package } from './package';
import { Terminal } from './terminal';
import { checkVerb } from './verbs/check-verb';
import { connectionsVerb } from './verbs/connections-verb';
import { rulesVerb } from './verbs/rules-verb';
import { validateVerb } from './verbs/validate-verb';
import { printableLines } from '../findings/safe-text';
import { ISTIO_MINOR } from '../mesh/config/istiods';

/** The command line; `finish` gets the exit code of the verb that ran. */
export function programFor(terminal: Terminal, packaged: Package, finish: (exitCode: number) => void): Command {
  const program = new Command('istio-mtls')
    .description('Judges Kubernetes manifests of Istio\'s mutual TLS before a cluster does.')
    .version(`${packaged.version} (Istio ${ISTIO_MINOR})`, '-V, --version', 'print the version, and the minor of Istio that is modelled')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [verb]', 'print the help of a verb')
    .exitOverride()
    .showHelpAfterError('(istio-mtls --help tells more)')
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      // It repeats arguments.
      writeErr: (text) => terminal.error(printableLines(text)),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const addVerb of [checkVerb, connectionsVerb, validateVerb, rulesVerb]) addVerb(program, { terminal, packaged, finish });
  return program;
}
