import { shown } from '../../../findings/safe-text';
import { Objections } from '../objections';

/** What Envoy's TLS library has without pre-shared keys. */
const CIPHER_SUITES = [
  'ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA', 'ECDHE-RSA-AES256-SHA', 'AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'AES128-SHA', 'AES256-SHA', 'DES-CBC3-SHA',
];
const OLD = ['TLSV1_0', 'TLSV1_1'];

/** Warns of cipher suites that are ignored, and of an old TLS version without the suites it needs. */
export function warnOfCiphers(at: Objections, tls: any): void {
  const suites: readonly string[] = tls.cipherSuites ?? [];
  if (OLD.includes(tls.minProtocolVersion) && suites.length === 0) {
    at.at('minProtocolVersion').warning({
      code: 'ADMIT486',
      actual: `${shown(tls.minProtocolVersion)} without cipherSuites`,
      expected: 'cipherSuites that such an old version can use',
      because: 'the default suites work from TLS 1.2 on only',
      fix: 'write TLSV1_2, or list suites such as \'ECDHE-RSA-AES128-SHA\'',
    });
  }
  suites.forEach((suite, index) => {
    const place = at.at('cipherSuites', index);
    if (!isCipherSuite(suite)) {
      warnOfSuite(place, suite, `one of ${CIPHER_SUITES.join(', ')}`, 'Envoy doesn\'t know it, so it is ignored');
    } else if (suites.indexOf(suite) < index) {
      warnOfSuite(place, suite, 'each suite once', 'the second one is ignored');
    }
  });
}

function warnOfSuite(at: Objections, suite: string, expected: string, because: string): void {
  at.warning({ code: 'ADMIT486', actual: shown(suite), expected, because, fix: 'remove or correct the entry' });
}

/** What doesn't start with a letter or digit is an expression, such as `-ALL`, and isn't looked into. */
function isCipherSuite(suite: string): boolean {
  if (suite === '' || suite === 'ALL' || CIPHER_SUITES.includes(suite)) return true;
  return !/[\p{L}\p{N}]/u.test(String.fromCharCode(Buffer.from(suite)[0]));
}
