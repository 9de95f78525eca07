import { join } from 'node:path';
import { load } from 'js-yaml';
import { SettingsError } from '../../src/configuration/settings-file';
import { expectationText } from '../../src/expectations/expectation';
import { loadExpectations, readExpectations } from '../../src/expectations/expectations-file';
import { folderWith, removeFolders } from '../support/command/scratch';
import { validatorOf } from '../support/documents/schemas';

afterAll(removeFolders);

const SCHEMA = validatorOf('expectations');

function faultsOf(text: string): readonly string[] {
  try {
    readExpectations(text, 'mesh-tests.yaml');
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

/** The faults of one test's fields; by default, the published schema must reject them too. */
function faultsOfTest(fields: string, isKnownToSchema = true): readonly string[] {
  const text = `tests:\n  - ${fields}\n`;
  expect(SCHEMA.validate(load(text)).valid).toBe(!isKnownToSchema);
  return faultsOf(text).map((fault) => fault.replace('mesh-tests.yaml:', ''));
}

const WHOLE = `$schema: node_modules/cdk8s-istio-mtls/docs/schemas/expectations.schema.json
tests:
  - { from: shop/web, to: shop/ratings:9080, is: mtls }
  - { to: payments/*, never: plaintext }
  - { server: payments/*, accepts: STRICT }
  - { to: shop/*, atLeast: mtls, except: [{ to: shop/metrics:9090, reason: scraped, until: "2027-06-30" }] }
  - from: CronJob/shop/backup
    to: "*.example.com:443"
    server: "*"
    is: tls
    except:
      - { from: "*/shop/*", reason: it is old }
      - { server: StatefulSet/shop/db:5432, reason: it is older, until: }
`;

test('reads every field, with its position', () => {
  expect(SCHEMA.validate(load(WHOLE))).toEqual({ valid: true, errors: [] });
  const { expectations, positionOf, file } = readExpectations(WHOLE, 'mesh-tests.yaml');
  expect(file).toBe('mesh-tests.yaml');
  expect(expectations.map(expectationText)).toEqual([
    'from shop/web to shop/ratings:9080: is mtls',
    'to payments/*: never plaintext',
    'server payments/*: accepts STRICT',
    'to shop/*: atLeast mtls',
    'from CronJob/shop/backup to *.example.com:443 server *: is tls',
  ]);
  expect(expectations.map(({ path }) => positionOf(path).line)).toEqual([3, 4, 5, 6, 7]);
  expect(expectations[3].except).toEqual([{ from: undefined, to: expect.objectContaining({ text: 'shop/metrics:9090' }), server: undefined, reason: 'scraped', until: '2027-06-30' }]);
  expect(expectations[4].except.map(({ from, server, reason, until }) => [from?.text, server?.text, server?.port, reason, until])).toEqual([
    ['*/shop/*', undefined, undefined, 'it is old', undefined], [undefined, 'StatefulSet/shop/db:5432', 5432, 'it is older', undefined],
  ]);
  expect(positionOf([...expectations[4].path, 'except', 1])).toMatchObject({ line: 13, column: 9 });
});

test('accepts a date without quotes, and a file in JSON', () => {
  const [{ except }] = readExpectations('tests: [{to: "*", is: mtls, except: [{to: a/b, reason: r, until: 2027-06-30}]}]', 'a.yaml').expectations;
  expect(except[0].until).toBe('2027-06-30');
  expect(readExpectations('{"tests": [{"to": "*", "is": "mtls"}]}', 'a.json').expectations).toHaveLength(1);
});

const SERVICE = 'a service such as shop/ratings:9080 or shop/*, a host such as api.example.com:443, or * for all. Fix: write namespace/name or a host, optionally followed by a colon and the service\'s port. [API092]';
const SERVER = 'a workload such as shop/web, StatefulSet/shop/db:5432 or shop/*, or * for all. Fix: write namespace/name, optionally followed by a colon and the container\'s port. [API092]';
const CLIENT = 'a workload such as shop/web, CronJob/shop/backup or shop/*, or * for all. Fix: write namespace/name. [API092]';

test.each<[string, string, string]>([
  ['an unknown field', '{to: a/b, is: mtls, exept: []}', '2:25: tests[0].exept is an unknown field; expected one of from, to, server, is, never, atLeast, accepts, except. Fix: write except. [API091]'],
  ['an unknown field of an exception', '{to: a/b, is: mtls, except: [{to: a/b, reason: r, untill: x}]}', '2:55: tests[0].except[0].untill is an unknown field; expected one of from, to, server, reason, until. Fix: write until. [API091]'],
  ['a test that demands nothing', '{to: a/b}', '2:5: tests[0] is without is, never, atLeast and accepts; expected a requirement. Fix: add one of them. [API092]'],
  ['a test that demands two things', '{to: a/b, is: mtls, never: plaintext}', '2:25: tests[0].never is set together with is; expected one of is, never, atLeast, accepts, because each test has one requirement. Fix: write a separate test for it. [API092]'],
  ['a test that is about nothing', '{is: mtls}', '2:5: tests[0] is without from, to and server; expected the connections it is about, "*" for all. Fix: add one of them. [API092]'],
  ['an outcome that is none', '{to: a/b, is: mTLs1}', '2:15: tests[0].is is \'mTLs1\'; expected one of mtls, tls, plaintext, broken. Fix: write mtls. [API092]'],
  ['an unknown outcome', '{to: a/b, never: undecided}', '2:15: tests[0].never is \'undecided\'; expected one of mtls, tls, plaintext, broken, because an undecided connection fails every test. Fix: write one of them. [API092]'],
  ['authorization', '{to: a/b, is: denied}', '2:15: tests[0].is is \'denied\'; expected one of mtls, tls, plaintext, broken, because a test doesn\'t cover which requests AuthorizationPolicies allow. Fix: write one of them. [API092]'],
  ['authorization, the other way', '{to: a/b, never: allowed}', '2:15: tests[0].never is \'allowed\'; expected one of mtls, tls, plaintext, broken, because a test doesn\'t cover which requests AuthorizationPolicies allow. Fix: write one of them. [API092]'],
  ['at least broken', '{to: a/b, atLeast: broken}', '2:15: tests[0].atLeast is \'broken\'; expected one of mtls, tls, plaintext, because a broken connection isn\'t protected. Fix: write one of them. [API092]'],
  ['a mode in small letters', '{server: a/b, accepts: strict}', '2:19: tests[0].accepts is \'strict\'; expected one of STRICT, PERMISSIVE, DISABLE. Fix: write STRICT. [API092]'],
  ['a mode that stands for another', '{server: a/b, accepts: UNSET}', '2:19: tests[0].accepts is \'UNSET\'; expected one of STRICT, PERMISSIVE, DISABLE, because it stands for the mode of another policy. Fix: write one of them. [API092]'],
  ['what a client sends to a port that accepts', '{server: a/b, from: c/d, accepts: STRICT}', '2:19: tests[0].from is set together with accepts; expected server only, because what a port accepts doesn\'t depend on the client. Fix: delete from. [API092]'],
  ['ports of nobody', '{accepts: STRICT}', '2:5: tests[0] is without server; expected the workloads it is about, "*" for all. Fix: add server. [API092]'],
  ['a client with an empty namespace', '{from: /web, is: mtls}', `2:6: tests[0].from is '/web'; expected ${CLIENT}`],
  ['a client\'s port', '{from: shop/web:80, is: mtls}', `2:6: tests[0].from is 'shop/web:80'; expected ${CLIENT}`],
  ['a service of a kind', '{to: Service/shop/web, is: mtls}', `2:6: tests[0].to is 'Service/shop/web'; expected ${SERVICE}`],
  ['a URL', '{to: "https://api.example.com", is: mtls}', `2:6: tests[0].to is 'https://api.example.com'; expected ${SERVICE}`],
  ['a server with an empty namespace', '{server: "/web:80", is: mtls}', `2:6: tests[0].server is '/web:80'; expected ${SERVER}`],
  ['an empty name', '{to: "", is: mtls}', '2:6: tests[0].to is \'\'; expected a string that isn\'t empty. Fix: fill it in, or delete it. [API092]'],
  ['an exception without a reason', '{to: a/b, is: mtls, except: [{to: a/b}]}', '2:34: tests[0].except[0] is without reason; expected a string. Fix: add reason. [API092]'],
  ['an exception for everything', '{to: a/b, is: mtls, except: [{reason: r}]}', '2:34: tests[0].except[0] is without from, to and server; expected the connections it is about, "*" for all. Fix: add one of them. [API092]'],
  ['an exception that is none', '{to: a/b, is: mtls, except: a/b}', '2:25: tests[0].except is \'a/b\'; expected a list. Fix: write "- " before each entry. [API092]'],
  ['a test that is none', 'mtls', '2:5: tests[0] is \'mtls\'; expected a mapping with from, to, server, is, never, atLeast, accepts, except. Fix: write "- from: …". [API092]'],
])('refuses %s, with its position', (_, fields, fault) => {
  expect(faultsOfTest(fields)).toEqual([fault]);
});

test.each<[string, string, string]>([
  ['a port that is none', '{to: "shop/web:70000", is: mtls}', `2:6: tests[0].to is 'shop/web:70000'; expected ${SERVICE}`],
  ['a port 0', '{server: "shop/web:0", is: mtls}', `2:6: tests[0].server is 'shop/web:0'; expected ${SERVER}`],
  ['a day that is none', '{to: a/b, is: mtls, except: [{to: a/b, reason: r, until: "2027-02-30"}]}', '2:55: tests[0].except[0].until is \'2027-02-30\'; expected a date such as 2027-06-30. Fix: write its last day as YYYY-MM-DD. [API092]'],
])('refuses %s, which the schema accepts', (_, fields, fault) => {
  expect(faultsOfTest(fields, false)).toEqual([fault]);
});

test('exceptions from accepts have only server', () => {
  expect(faultsOfTest('{server: "*", accepts: STRICT, except: [{from: a/b, reason: r}]}', false).map((fault) => fault.replace(/;.*/, ''))).toEqual([
    '2:45: tests[0].except[0] is without server', '2:46: tests[0].except[0].from is set together with accepts',
  ]);
});

test.each<[string, string, string]>([
  ['an empty file', '', '1:1: the document is without tests; expected a list of tests. Fix: add tests. [API092]'],
  ['a file of no tests', 'tests: []', '1:1: tests is an empty list; expected at least one test, because a run without tests would always pass. Fix: add one. [API092]'],
  ['one test, and no list', 'tests: {to: a/b, is: mtls}', '1:1: tests is a mapping; expected a list. Fix: write "- " before each entry. [API092]'],
  ['a list', '- {to: a/b, is: mtls}', '1:1: the document is a list of 1; expected a mapping with $schema, tests. Fix: write "FIELD: value", one per line. [API092]'],
  ['an unknown field', 'test: []\ntests: [{to: a/b, is: mtls}]', '1:1: test is an unknown field; expected one of $schema, tests. Fix: write tests. [API091]'],
  ['two documents', 'tests: [{to: a/b, is: mtls}]\n---\ntests: [{to: a/b, is: mtls}]', '3:1: the document is 2 documents; expected one document. Fix: keep one of them. [API092]'],
  ['a manifest', 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}', '1:1: the document is a Kubernetes object; expected settings of istio-mtls. Fix: name another file. [API092]'],
])('refuses %s', (_, text, fault) => {
  expect(SCHEMA.validate(load(text.split('---')[0]) ?? {}).valid).toBe(text.includes('---'));
  expect(faultsOf(text)[0]).toBe(`mesh-tests.yaml:${fault}`);
});

test('reports an unquoted * only as a YAML error', () => {
  expect(faultsOf('tests: [{to: *, is: mtls}]')).toEqual([expect.stringMatching(/^mesh-tests\.yaml:1:14: .* \[ADMIT151\]$/)]);
});

test('reports all mistakes at once, in order', () => {
  const text = 'tests:\n  - {too: a/b, is: mtls}\n  - {to: a/b, is: none, except: [{to: a/b}]}\n';
  expect(faultsOf(text).map((fault) => /:(\d+:\d+):/.exec(fault)![1])).toEqual(['2:5', '2:6', '3:15', '3:34']);
});

test('reads a file from disk', () => {
  const folder = folderWith({ 'mesh-tests.yaml': WHOLE });
  expect(loadExpectations(join(folder, 'mesh-tests.yaml')).expectations).toHaveLength(5);
  expect(() => loadExpectations(join(folder, 'none.yaml'))).toThrow('none.yaml: the file is missing; expected a readable file. Fix: create it, or name another file. [API094]');
});
