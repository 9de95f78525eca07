// Mistakes that show where meshes run: in what is sent, what arrives, and how it is handled.
import type { SentTls, Outcome } from '../../../src/mesh/model/transport';
import type { ServerMode } from '../../../src/mesh/policies/peer-authentication';
import { type Fault, faultsIn } from '../fault';

/** One outcome for another, of some client's TLS at some server's mode. */
function outcomes(from: Outcome, to: Outcome, where: (client: SentTls, mode: ServerMode) => boolean = () => true): Parameters<typeof faultsIn<'mesh/model/transport'>>[1][string] {
  return (module) => {
    const { outcomeOf } = module;
    module.outcomeOf = (client, server, kind) => {
      const made = outcomeOf(client, server, kind);
      return made === from && where(client, server.mode) ? to : made;
    };
  };
}

export const DATA_PLANE_FAULTS: readonly Fault[] = [
  ...faultsIn('mesh/model/transport', {
    'plaintext is mutual TLS': outcomes('plaintext', 'mtls'),
    'plaintext is broken where no proxy takes it': outcomes('plaintext', 'broken', (_, mode) => mode === 'NO_PROXY'),
    'STRICT takes plaintext': outcomes('broken', 'plaintext', (client, mode) => client === 'PLAINTEXT' && mode === 'STRICT'),
    'applications take the mesh\'s TLS': outcomes('broken', 'mtls', (client, mode) => client === 'ISTIO_MUTUAL' && mode === 'NO_PROXY'),
    'mutual TLS is broken at PERMISSIVE': outcomes('mtls', 'broken', (_, mode) => mode === 'PERMISSIVE'),
    'a rule\'s own TLS is plaintext': outcomes('tls', 'plaintext', (client) => client === 'SIMPLE' || client === 'MUTUAL'),
  }),
];
