import { Command } from 'commander';
import { caInspectVerb } from './inspect/verb';
import { caRotateVerb } from './rotate/verb';
import { VerbContext } from '../program/verb';

/** `istio-mtls ca`: istiod's CA, and the certificates of proxies. */
export function caVerb(program: Command, context: VerbContext): void {
  const ca = program.command('ca')
    .summary('inspect istiod\'s CA and the certificates of proxies, and plan a CA rotation')
    .description('Inspects the CA that istiod signs with and the certificates that proxies hold, and plans the rotation to another CA.')
    .helpCommand(false)
    .showHelpAfterError('(see istio-mtls ca --help)');
  caRotateVerb(ca, context);
  caInspectVerb(ca, context);
}
