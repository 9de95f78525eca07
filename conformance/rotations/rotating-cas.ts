// The CAs between which meshes rotate, and what the library has the Secret hold in each stage.
import { App, Chart, Testing } from 'cdk8s';
import type { RotationStage } from '../../src/certificates/ca-rotation';
import type { CaRotation, CaRotationStage } from '../../src/constructs/certificates/ca-rotation';
import type { RotatingCa } from '../../src/constructs/certificates/rotating-ca';
import { certificate, type TestCertificate } from '../../test/support/certificates/x509';
import type { CaTexts } from '../cas/plugged-istiod';
import { libraryModule } from '../library';

/** From where a mesh rotates. */
export const STARTS = ['self-signed', 'another root', 'the same root'] as const;

export type Start = typeof STARTS[number];

/** A stage, or what is before the first. */
export type StateName = 'before' | RotationStage;

interface SigningCa {
  readonly signer: TestCertificate;
  readonly root: TestCertificate;
}

const ca = (commonName: string, issuer?: TestCertificate): TestCertificate => certificate({ commonName, issuer, ca: true, keyUsage: [5, 6] });
const below = (root: TestCertificate, commonName: string): SigningCa => ({ root, signer: ca(commonName, root) });

/** CAs that are made anew, with their keys. */
export class RotatingCas {
  /** That which istiod keeps in `istio-ca-secret`. */
  readonly own = ca('istiod itself');
  private readonly old = below(ca('old root'), 'old CA');
  private readonly next = below(ca('new root'), 'new CA');
  private readonly sibling = below(this.old.root, 'another CA');

  /** Where a mesh is before the first stage, and its stages. Below the same root the first of these changes nothing. */
  statesOf(start: Start): readonly StateName[] {
    const isSameRoot = start === 'the same root';
    const stages = libraryModule('certificates/ca-rotation').stagesOf({ isSameRoot });
    return isSameRoot ? stages : ['before', ...stages];
  }

  /** The Secret `cacerts`; no texts where there is none. */
  filesOf(start: Start, state: StateName): CaTexts {
    if (state === 'before') return start === 'self-signed' ? {} : textsOf(this.old);
    const { RotatingCa: Ca } = libraryModule('constructs/certificates/rotating-ca');
    const from = start === 'self-signed' ? Ca.selfSigned(this.own.pem) : plugged(this.old);
    return secretOf(from, plugged(start === 'the same root' ? this.sibling : this.next), state);
  }

  /** All roots, as PEM. */
  get roots(): readonly string[] {
    return [this.own, this.old.root, this.next.root].map(({ pem }) => pem);
  }
}

/** The texts of the Secret that a stage emits. */
export function secretOf(from: RotatingCa, to: RotatingCa, stage: RotationStage): CaTexts {
  const { CaRotation: Rotation } = libraryModule('constructs/certificates/ca-rotation');
  const rotation: CaRotation = new Rotation(new Chart(new App(), 'platform'), 'ca', { from, to, stage: stage as CaRotationStage });
  const { data } = Testing.synth(Chart.of(rotation.apiObject!)).find(({ kind }) => kind === 'Secret');
  return Object.fromEntries(Object.entries<string>(data).map(([name, value]) => [name, Buffer.from(value, 'base64').toString()]));
}

function plugged(of: SigningCa): RotatingCa {
  const { CaSource } = libraryModule('constructs/certificates/ca-source');
  const { 'ca-cert.pem': caCert, 'ca-key.pem': caKey, 'cert-chain.pem': certChain, 'root-cert.pem': rootCert } = textsOf(of);
  const source = CaSource.pem({ iUnderstandThatThePrivateKeyIsWrittenIntoTheManifest: true, caCert, caKey, rootCert, certChain });
  return libraryModule('constructs/certificates/rotating-ca').RotatingCa.ofSource(source);
}

function textsOf({ signer, root }: SigningCa): CaTexts {
  return { 'ca-cert.pem': signer.pem, 'ca-key.pem': signer.keyPem, 'cert-chain.pem': signer.pem + root.pem, 'root-cert.pem': root.pem };
}
