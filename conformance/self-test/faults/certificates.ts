// Mistakes about what istiod and peers make of a CA.
import { type Fault, faultsIn } from '../fault';

export const CERTIFICATE_FAULTS: readonly Fault[] = [
  ...faultsIn('certificates/private-key', {
    'any private key is that of any certificate': (module) => {
      module.isKeyOf = () => true;
    },
  }),
  ...faultsIn('certificates/path-checks', {
    'what peers reject is unwise': (module) => {
      const { pathFaults } = module;
      module.pathFaults = (...call) => pathFaults(...call).map((fault) => (fault.consequence === 'fails' ? { ...fault, consequence: 'unwise' } : fault));
    },
    'path lengths and key usages limit nothing': (module) => {
      const { pathFaults } = module;
      module.pathFaults = (...call) => pathFaults(...call).filter(({ code }) => code !== 'MTLS705');
    },
  }),
  ...faultsIn('certificates/ca-files', {
    'the chain of a TLS Secret is tls.crt alone': (module) => {
      const { caFilesOf } = module;
      module.caFilesOf = (values) => {
        const files = caFilesOf(values);
        return files && files.names.chain === files.names.signing ? { ...files, texts: { ...files.texts, chain: files.texts.signing } } : files;
      };
    },
  }),
  ...faultsIn('certificates/revocation-checks', {
    'nobody wants a list of each CA': (module) => {
      const { revocationFaults } = module;
      module.revocationFaults = function* (...call) {
        for (const fault of revocationFaults(...call)) if (fault.code !== 'MTLS714') yield fault;
      };
    },
  }),
  ...faultsIn('certificates/name-constraints', {
    'name constraints forbid no name': (module) => {
      module.forbiddenName = () => undefined;
    },
  }),
];
