import { judgeCacerts } from '../../../src/admission/cacerts/cacerts';
import { fieldText } from '../../../src/findings/finding';
import { refusalMessage } from '../../../src/findings/refusal';
import { objectionsOf } from '../../support/admission/objections';
import { processorSeconds } from '../../support/command/processor-time';

const cacertsObjections = (object: unknown, istiodNamespace?: string) => objectionsOf((at) => judgeCacerts(at, object, istiodNamespace));

const MARK = 'U0VDUkVULU1BUktFRC1LRVk';
const pem = (label: string) => `-----BEGIN ${label}-----\n${MARK}\n-----END ${label}-----\n`;
const CERT = pem('CERTIFICATE');
const KEY = pem('PRIVATE KEY');
const FOUR = { 'ca-cert.pem': CERT, 'ca-key.pem': KEY, 'root-cert.pem': CERT, 'cert-chain.pem': CERT };
const TLS = { 'tls.crt': CERT, 'tls.key': KEY, 'ca.crt': CERT };

function without(map: object, ...keys: string[]): object {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

function secret(stringData: unknown, { name = 'cacerts', namespace = 'istio-system', ...more }: any = {}): any {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData, ...more };
}

/** `severity code field: fix` of each objection; a marked value must be in none of them. */
function objections(object: any, istiodNamespace?: string): string[] {
  const found = cacertsObjections(object, istiodNamespace);
  const told = JSON.stringify(found) + found.map((objection) => refusalMessage({ kind: 'Secret', ...objection, field: fieldText(objection.field) })).join();
  for (const part of [MARK, MARK.toLowerCase(), Buffer.from(MARK).toString('base64').slice(0, 12)]) expect(told).not.toContain(part);
  return found.map(({ code, severity, field, fix }) => `${severity} ${code} ${fieldText(field)}: ${fix}`);
}

test.each<[string, any]>([
  ['the four keys of cacerts', secret(FOUR)],
  ['the four keys with revocation lists', secret({ ...FOUR, 'ca-crl.pem': pem('X509 CRL') })],
  ['the four keys as Istio wrote them', secret({ ...FOUR, 'istio-generated': '' })],
  ['more roots beside istiod\'s own CA', secret({ 'ca-cert.pem': '', 'ca-key.pem': '', 'cert-chain.pem': '', 'root-cert.pem': CERT, 'istio-generated': '' })],
  ['a TLS Secret', secret(TLS, { type: 'kubernetes.io/tls' })],
  ['data in base64, with line breaks', secret(undefined, { data: Object.fromEntries(Object.entries(FOUR).map(([key, text]) => [key, `${Buffer.from(text).toString('base64')}\n`])) })],
  ['both data and stringData', secret({ 'ca-key.pem': KEY }, { data: { ...Object.fromEntries(Object.entries(without(FOUR, 'ca-key.pem')).map(([key, text]) => [key, Buffer.from(text).toString('base64')])), 'ca-key.pem': '' } })],
  ['an RSA key', secret({ ...FOUR, 'ca-key.pem': pem('RSA PRIVATE KEY') })],
  ['text before the chain', secret({ ...FOUR, 'cert-chain.pem': `subject=a\n${CERT}${CERT}` })],
  ['another Secret in istiod\'s namespace', secret({ 'tls.crt': CERT, 'tls.key': KEY, 'ca.crt': CERT }, { name: 'gateway-credential' })],
  ['the Secret of Istio\'s own CA', secret(FOUR, { name: 'istio-ca-secret', type: 'istio.io/ca-root' })],
  ['a Secret of another name in another namespace', secret(FOUR, { name: 'custom-ca', namespace: 'team-a' })],
  ['an object of another kind', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cacerts', namespace: 'istio-system' }, data: {} }],
  ['a Secret of another API group', { apiVersion: 'example.com/v1', kind: 'Secret', metadata: { name: 'cacerts', namespace: 'istio-system' } }],
])('accepts %s', (_, object) => {
  expect(objections(object)).toEqual([]);
});

describe('reports names of keys:', () => {
  test.each<[string, any, string[]]>([
    ['key.pem for ca-key.pem', secret({ ...without(FOUR, 'ca-key.pem'), 'key.pem': KEY }), ['error ADMIT702 data[ca-key.pem]: rename \'key.pem\' to \'ca-key.pem\'']],
    ['a misspelled key', secret({ ...without(FOUR, 'root-cert.pem'), 'root_cert.pem': CERT }), ['error ADMIT702 data[root-cert.pem]: rename \'root_cert.pem\' to \'root-cert.pem\'']],
    ['a missing chain', secret(without(FOUR, 'cert-chain.pem')), ['error ADMIT702 data[cert-chain.pem]: add \'cert-chain.pem\'']],
    ['tls.crt without ca.crt', secret(without(TLS, 'ca.crt')), ['error ADMIT702 data[ca.crt]: add \'ca.crt\'']],
    ['tls.crt beside the four keys', secret({ ...FOUR, 'tls.crt': CERT }), [
      'error ADMIT702 data[tls.key]: add \'tls.key\'',
      'error ADMIT702 data[ca.crt]: add \'ca.crt\'',
      ...Object.keys(FOUR).map((key) => `warning ADMIT704 stringData[${key}]: keep only one of the two forms`),
    ]],
    ['both forms, each complete', secret({ ...TLS, ...FOUR }), Object.keys(FOUR).map((key) => `warning ADMIT704 stringData[${key}]: keep only one of the two forms`)],
    ['revocation lists beside a TLS form', secret({ ...TLS, 'ca-crl.pem': pem('X509 CRL') }), ['warning ADMIT704 stringData[ca-crl.pem]: keep only one of the two forms']],
    ['an additional key', secret({ ...FOUR, 'tls.key': KEY }), ['warning ADMIT705 stringData[tls.key]: remove it']],
    ['none of the known keys', secret({ 'cert.pem': CERT, 'key.pem': KEY }), ['warning ADMIT703 data: rename \'cert.pem\' to \'ca-cert.pem\', rename \'key.pem\' to \'ca-key.pem\'']],
    ['tls.key and ca.crt without tls.crt', secret(without(TLS, 'tls.crt')), ['warning ADMIT703 data: rename \'ca.crt\' to \'ca-cert.pem\', rename \'tls.key\' to \'ca-key.pem\'']],
    ['no data', secret(undefined), ['warning ADMIT703 data: use these names']],
  ])('%s', (_, object, expected) => {
    expect(objections(object)).toEqual(expected);
  });
});

describe('reports values:', () => {
  test.each<[string, any, string[]]>([
    ['PEM in data', secret(without(FOUR, 'ca-key.pem'), { data: { 'ca-key.pem': KEY } }), ['error ADMIT701 data[ca-key.pem]: move it to stringData']],
    ['a space in base64', secret(without(FOUR, 'ca-key.pem'), { data: { 'ca-key.pem': `${MARK}= ` } }), ['error ADMIT701 data[ca-key.pem]: use the output of \'base64 -w0 <file>\'']],
    ['base64 without padding', secret(without(FOUR, 'ca-key.pem'), { data: { 'ca-key.pem': MARK } }), ['error ADMIT701 data[ca-key.pem]: use the output of \'base64 -w0 <file>\'']],
    ['empty values without the mark that istiod sets', secret({ ...FOUR, 'ca-key.pem': '' }), ['error ADMIT707 stringData[ca-key.pem]: put the output of \'openssl pkey -in <file>\' here']],
    ['no root certificate, with the mark that istiod sets', secret({ ...FOUR, 'ca-key.pem': '', 'root-cert.pem': '', 'istio-generated': '' }), ['error ADMIT708 stringData[root-cert.pem]: put the output of \'openssl x509 -in <file>\' here']],
    ['a number', secret({ ...FOUR, 'ca-key.pem': 1 }), ['error ADMIT700 stringData[ca-key.pem]: write the value in quotes']],
    ['a list as data', secret(FOUR, { data: [MARK] }), ['error ADMIT700 data: write data as a map']],
    ['a string as stringData', secret(MARK), ['error ADMIT700 stringData: write stringData as a map', 'warning ADMIT703 data: use these names']],
    ['a private key in the root certificate', secret({ ...FOUR, 'root-cert.pem': CERT + KEY }), ['error ADMIT706 stringData[root-cert.pem]: remove the private key, and generate a new one if this Secret was ever applied']],
    ['a private key in the revocation lists', secret({ ...FOUR, 'ca-crl.pem': pem('EC PRIVATE KEY') }), ['error ADMIT706 stringData[ca-crl.pem]: remove the private key, and generate a new one if this Secret was ever applied']],
    ['a certificate in place of the key', secret({ ...FOUR, 'ca-key.pem': CERT }), ['error ADMIT707 stringData[ca-key.pem]: put the private key here, and the certificate under its own key']],
    ['an encrypted key', secret({ ...FOUR, 'ca-key.pem': pem('ENCRYPTED PRIVATE KEY') }), ['error ADMIT707 stringData[ca-key.pem]: put the output of \'openssl pkey -in <file>\' here']],
    ['EC parameters before the key', secret({ ...FOUR, 'ca-key.pem': pem('EC PARAMETERS') + pem('EC PRIVATE KEY') }), ['error ADMIT707 stringData[ca-key.pem]: put the output of \'openssl pkey -in <file>\' here']],
    ['an empty key', secret({ ...FOUR, 'ca-key.pem': '' }), ['error ADMIT707 stringData[ca-key.pem]: put the output of \'openssl pkey -in <file>\' here']],
    ['a certificate that isn\'t PEM', secret({ ...FOUR, 'ca-cert.pem': MARK }), ['error ADMIT708 stringData[ca-cert.pem]: put the output of \'openssl x509 -in <file>\' here']],
    ['an empty chain, which istiod accepts', secret({ ...FOUR, 'cert-chain.pem': '' }), ['warning ADMIT708 stringData[cert-chain.pem]: put the output of \'openssl x509 -in <file>\' here']],
    ['empty revocation lists, which istiod ignores', secret({ ...FOUR, 'ca-crl.pem': '' }), ['warning ADMIT708 stringData[ca-crl.pem]: put the output of \'openssl crl -in <file>\' here, or remove the key']],
    ['certificates in place of revocation lists', secret({ ...FOUR, 'ca-crl.pem': CERT }), ['error ADMIT708 stringData[ca-crl.pem]: put the output of \'openssl crl -in <file>\' here']],
    ['the four keys with the type of a TLS Secret', secret(FOUR, { type: 'kubernetes.io/tls' }), ['error ADMIT711 type: set type to Opaque']],
  ])('%s', (_, object, expected) => {
    expect(objections(object)).toEqual(expected);
  });

  test.each<[string, unknown]>([
    ['as a key of data', { ...FOUR, [MARK]: '' }],
    ['as the only key of data', { [KEY]: KEY }],
    ['as a PEM label', { ...FOUR, 'ca-key.pem': pem(MARK.toUpperCase()), 'ca-cert.pem': pem(MARK.toUpperCase()) }],
    ['as a list', { ...FOUR, 'ca-key.pem': [MARK] }],
    ['as a map', { ...FOUR, 'ca-cert.pem': { [MARK]: MARK } }],
  ])('no message contains a private key that is given %s', (_, stringData) => {
    expect(objections(secret(stringData)).join()).not.toContain(MARK.toUpperCase());
    expect(objections(secret(undefined, { data: stringData })).length).toBeGreaterThan(0);
  });
});

describe('reports names and namespaces of Secrets:', () => {
  test.each<[string, any, string[]]>([
    ['a CA under a name that istiod doesn\'t read', secret(FOUR, { name: 'custom-ca' }), ['warning ADMIT709 metadata.name: name it \'cacerts\', with the keys ca-cert.pem, ca-key.pem, root-cert.pem, cert-chain.pem']],
    ['a misspelled name of the TLS form', secret(TLS, { name: 'ca-certs' }), ['warning ADMIT709 metadata.name: name it \'cacerts\', with the keys tls.crt, tls.key, ca.crt']],
    ['a Secret cacerts in another namespace', secret(FOUR, { namespace: 'team-a' }), ['warning ADMIT710 metadata.namespace: set it to \'istio-system\', or specify istiod\'s namespace if it is different']],
    ['a Secret without a namespace', { ...secret(without(FOUR, 'ca-key.pem')), metadata: { name: 'cacerts' } }, ['error ADMIT702 data[ca-key.pem]: add \'ca-key.pem\'']],
  ])('%s', (_, object, expected) => {
    expect(objections(object)).toEqual(expected);
  });

  test('checks the Secret in the namespace of option istiodNamespace', () => {
    expect(objections(secret({}, { namespace: 'mesh' }), 'mesh')).toEqual(['warning ADMIT703 data: use these names']);
    expect(objections(secret(FOUR, { namespace: 'istio-system' }), 'mesh')).toHaveLength(1);
  });
});

test.each([undefined, null, 1, 'x', [], {}, { kind: 'Secret' }, { kind: 'Secret', apiVersion: 'v1' }, { kind: 'Secret', apiVersion: 'v1', metadata: 1 }])('accepts any value without an exception: %j', (value) => {
  expect(cacertsObjections(value)).toEqual([]);
});

test('checks a megabyte of unclosed PEM blocks within a second', () => {
  const blocks = secret({ ...FOUR, 'ca-cert.pem': '-----BEGIN CERTIFICATE-----'.repeat(37_000) });
  expect(processorSeconds(() => expect(cacertsObjections(blocks)).toEqual([]))).toBeLessThan(1);
});
