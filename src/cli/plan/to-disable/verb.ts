import { Command } from 'commander';
import { VerbContext } from '../../program/verb';
import { addMigrationVerb } from '../migration/run';

const HELP = `
The plan leads from the current state to one in which servers have the mode DISABLE: they accept only plaintext.
A client that sends mutual TLS gets a rule that sends plaintext, or its rule no longer sets TLS.
`;

/** `istio-mtls plan to-disable`: the stages after which servers accept only plaintext. */
export function planToDisableVerb(plan: Command, context: VerbContext): void {
  addMigrationVerb(plan, context, {
    name: 'to-disable',
    mode: 'DISABLE',
    description: 'Plans how servers come to accept only plaintext, in stages that never break a connection.',
    help: HELP,
    examples: ['istio-mtls plan to-disable --scope shop/web --accept-possible cluster.yaml',
      'istio-mtls plan to-disable cluster.yaml --out plan/'],
  });
}
