import { CaFault, fault } from './ca-fault';
import { CaFiles, CaRole, CertificateFile, CERTIFICATE_ROLES, longestRole, ReadCa } from './ca-files';
import { isPrivateKey, LONGEST_PEM, Pem, readPem } from './pem';
import { numeral } from '../findings/numeral';

const CODE = 'MTLS713';

/** The faults of texts that should be PEM and nothing else. */
export function* textFaults(ca: ReadCa): Generator<CaFault> {
  const { files } = ca;
  for (const role of CERTIFICATE_ROLES) {
    // The chain of a TLS Secret consists of other files, whose faults are reported there.
    if (role === 'chain' && files.names.chain === files.names.signing) {
      if (ca.signing.certificates.length > 0 && ca.chain.certificates.length === 0) yield joined();
      continue;
    }
    yield* ofCertificates(role, ca[role], ca);
  }
  yield* ofKeyText(ca);
}

function* ofCertificates(role: CaRole & keyof ReadCa, file: CertificateFile, { own, chain }: ReadCa): Generator<CaFault> {
  const isEmpty = file.text.trim() === '';
  if (isEmpty && role === 'chain') return; // Reported as a chain that lacks certificates.
  if (file.certificates.length === 0) {
    yield fault(CODE, role, 'refused', {
      actual: isEmpty ? 'empty' : file.isDer ? 'DER, not PEM' : described(file),
      expected: 'PEM blocks \'CERTIFICATE\'',
      why: 'it finds no certificate there',
      fix: file.isDer
        ? 'put the output of \'openssl x509 -inform der -in <file>\' here'
        : 'put the output of \'openssl x509 -in <file>\' here',
    });
    return;
  }
  if (file.hasUnreadable) yield unreadable(role, role === 'signing' ? own === undefined : role === 'chain' && isFirstUnreadable(chain));
  if (file.hasOtherText) yield strayText(role);
  if (file.hasCarriageReturns) yield carriageReturns(role);
}

function described({ blocks }: Pem): string {
  if (blocks.length === 0) return 'not PEM, or PEM whose BEGIN and END lines don\'t stand alone';
  return blocks.every(({ label }) => label === 'CERTIFICATE') ? 'certificates that can\'t be read' : 'PEM blocks of another kind';
}

function isFirstUnreadable({ blocks: [first], certificates: [certificate] }: CertificateFile): boolean {
  return first?.bytes === undefined || !certificate.der.equals(first.bytes);
}

function unreadable(role: CaRole, isFirst: boolean): CaFault {
  return fault(CODE, role, isFirst ? 'refused' : 'fails', {
    actual: 'PEM blocks, some of which aren\'t readable certificates',
    expected: 'PEM blocks \'CERTIFICATE\' and nothing else',
    why: isFirst ? 'it reads the first' : 'it skips them, but passes the text on to proxies, which reject all of it',
    fix: 'remove blocks that \'openssl x509\' can\'t read',
  });
}

function strayText(role: CaRole): CaFault {
  return fault(CODE, role, 'unwise', {
    actual: 'PEM blocks with other text around them',
    expected: 'PEM blocks \'CERTIFICATE\' and nothing else',
    why: 'the text is passed on to every proxy and namespace, and not all readers skip text outside PEM blocks',
    fix: 'put the output of \'openssl x509 -in <file>\' here, for each certificate',
  });
}

function carriageReturns(role: CaRole): CaFault {
  return fault(CODE, role, 'unwise', {
    severity: 'info',
    actual: 'Windows line endings',
    expected: '\\n line endings',
    why: 'when the Secret changes, it compares the root byte by byte, so the same certificate with other line endings is a different root',
    fix: 'use \\n line endings',
  });
}

/** istiod concatenates `tls.crt` and `ca.crt`, which fails if the first doesn't end with a newline. */
function joined(): CaFault {
  return fault(CODE, 'signing', 'refused', {
    actual: 'no newline at the end',
    expected: 'a newline after the last END line',
    why: 'it joins tls.crt and ca.crt, and can\'t read two blocks in one line',
    fix: 'end tls.crt with \\n',
  });
}

function* ofKeyText({ files: { texts: { key: text } }, key }: ReadCa): Generator<CaFault> {
  if (key) return;
  const { blocks: [first], isDer } = readPem(text);
  const isEncrypted = first !== undefined && isPrivateKey(first) && (first.hasHeaders || first.label.startsWith('ENCRYPTED'));
  yield fault(CODE, 'key', 'refused', {
    actual: text.trim() === '' ? 'empty'
      : isDer ? 'DER, not PEM'
        : isEncrypted ? 'an encrypted private key'
          : first ? 'a PEM block that isn\'t a readable private key'
            : 'not PEM',
    expected: 'a PEM block \'PRIVATE KEY\', \'RSA PRIVATE KEY\' or \'EC PRIVATE KEY\' that is not encrypted',
    why: 'it reads the first block as the CA\'s private key',
    fix: 'put the output of \'openssl pkey -in <file>\' here',
  });
}

/** The fault of a CA that is too large for a Secret, and isn't read. */
export function tooLong(files: CaFiles): CaFault {
  const role = longestRole(files)!;
  return fault(CODE, role, 'refused', {
    actual: `${numeral((role === 'crl' ? files.crl! : files.texts[role]).length)} characters long`,
    expected: `at most ${numeral(LONGEST_PEM)}`,
    why: 'no Secret can hold more',
    fix: 'remove what istiod doesn\'t need: it needs one root and the chain to it',
  });
}
