import { Command } from 'commander';
import { VerbContext } from '../../program/verb';
import { addMigrationVerb } from '../migration/run';

const HELP = `
The plan leads from the current state to one in which servers are PERMISSIVE: they accept both mutual TLS and
plaintext.
`;

/** `istio-mtls plan to-permissive`: the stages after which servers accept both mutual TLS and plaintext. */
export function planToPermissiveVerb(plan: Command, context: VerbContext): void {
  addMigrationVerb(plan, context, {
    name: 'to-permissive',
    mode: 'PERMISSIVE',
    description: 'Plans how servers come to accept both mutual TLS and plaintext, in stages that never break a connection.',
    help: HELP,
    examples: ['istio-mtls plan to-permissive cluster.yaml', 'istio-mtls plan to-permissive --scope shop cluster.yaml --out plan/'],
  });
}
