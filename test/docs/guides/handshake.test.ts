// The tables of docs/handshake.md come from recorded handshakes, which confirm the page's claims.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HandshakeFacts } from '../../../conformance/data-plane/handshake';
import type { HandshakeCount, HandshakeCountFacts } from '../../../conformance/data-plane/handshake-counts';
import type { HandshakeMessage, TlsRecord } from '../../../conformance/data-plane/report';

const ROOT = join(__dirname, '../../..');
const PAGE = join(ROOT, 'docs/handshake.md');
const FILE = readFileSync(join(ROOT, 'conformance/recorded/handshake.json'), 'utf8');
const { captures, envoy }: HandshakeFacts = JSON.parse(FILE);
const [modern, old] = captures;
const { counts }: HandshakeCountFacts = JSON.parse(readFileSync(join(ROOT, 'conformance/recorded/handshake-counts.json'), 'utf8'));

const PLACES = [
  ...captures.flatMap(({ version, first, second }, index) => [
    { heading: `${version}, first connection`, table: tableOf(first, index === 0) }, { heading: `${version}, second connection`, table: tableOf(second, false) },
  ]),
  { heading: 'Ten calls', table: countsTable() },
];

test('docs/handshake.md shows the handshakes that were recorded', () => {
  const page = readFileSync(PAGE, 'utf8');
  const shown = PLACES.reduce((text, { heading, table }) => {
    const place = new RegExp(`(?<=\\n### ${heading}\\n\\n)(\\|.*\\n)*`);
    expect(text).toMatch(place);
    return text.replace(place, () => table);
  }, page);
  // To write the page anew: WRITE_PAGES=1 npx jest test/docs/handshake
  if (process.env.WRITE_PAGES) writeFileSync(PAGE, shown);
  expect(shown).toBe(page);
  expect(page).toContain(`Envoy ${envoy}`);
});

test('names are readable in the ClientHello, and certificates in TLS 1.2 alone', () => {
  for (const { first } of captures) {
    expect(messageOf(first, 'client', 'ClientHello')).toMatchObject({
      versions: ['TLS 1.3', 'TLS 1.2'], serverName: 'outbound_.9000_._.server.shop.svc.cluster.local', protocols: ['istio-peer-exchange', 'istio'],
    });
    expect(messageOf(first, 'server', 'Certificate').names).toEqual(['spiffe://cluster.local/ns/shop/sa/server']);
    expect(messageOf(first, 'client', 'Certificate').names).toEqual(['spiffe://cluster.local/ns/shop/sa/client']);
  }
  expect(recordsWith(modern.first, 'Certificate').map(({ encrypted }) => encrypted)).toEqual([true, true]);
  expect(recordsWith(old.first, 'Certificate').map(({ encrypted }) => encrypted)).toEqual([false, false]);
});

test('the first request takes one more round trip in TLS 1.2, since the server first answers the client\'s certificate', () => {
  expect(flights(modern.first)).toEqual(['client', 'server', 'client', 'server']);
  expect(flights(old.first)).toEqual(['client', 'server', 'client', 'server', 'client', 'server']);
  const [, , last] = inFlights(modern.first);
  expect(last.map(({ messages = [] }) => messages.map(({ type }) => type).join())).toEqual(['', 'Certificate,CertificateVerify,Finished', '']);
  const [, , certificate, answer, request] = inFlights(old.first);
  expect([certificate, answer, request].map((one) => one.map(({ type }) => type).at(-1))).toEqual(['handshake', 'handshake', 'application_data']);
});

test('a resumed connection requests and sends no certificate, and takes one round trip', () => {
  for (const { second } of captures) {
    expect(messageOf(second, 'client', 'ClientHello').resumes).toBe(true);
    expect(recordsWith(second, 'Certificate', 'CertificateRequest')).toEqual([]);
    expect(flights(second)).toEqual(['client', 'server', 'client', 'server']);
  }
});

/** A case's counts, of one version of TLS. */
const countOf = (name: string, wanted = 'TLS 1.3'): HandshakeCount => counts.find(({ case: of, version }) => of === name && version === wanted)!;

test('both sides and both versions have equal counts', () => {
  expect(counts.length).toBeGreaterThan(15);
  expect(counts.filter(({ client, server }) => JSON.stringify(client) !== JSON.stringify(server))).toEqual([]);
  for (const { case: name, client } of counts) expect(client).toEqual(countOf(name).client);
});

test('HTTP shares a connection, TCP doesn\'t, and sessions are resumed at the same server alone', () => {
  const [http, paused, single, turns, tcp, tcpTurns] = [
    'HTTP', 'HTTP, with a pause', 'HTTP, one request a connection', 'HTTP, one request a connection, two servers in turn', 'TCP', 'TCP, two servers in turn',
  ].map((name) => countOf(name));
  expect([http, paused].map(({ client }) => client)).toEqual(Array(2).fill({ connections: 1, handshakes: 1, resumed: 0 }));
  expect([single, tcp].map(({ client }) => client)).toEqual(Array(2).fill({ connections: 10, handshakes: 10, resumed: 9 }));
  expect([turns, tcpTurns].map(({ client }) => client)).toEqual(Array(2).fill({ connections: 10, handshakes: 10, resumed: 0 }));
});

test('docs/handshake.md lists all connection pool settings, and which of them end connections, as measured', () => {
  const poolOf = ({ trafficPolicy }: HandshakeCount): object => (trafficPolicy as { connectionPool?: object } | undefined)?.connectionPool ?? {};
  const settings = (pool: object): string[] => Object.entries(pool).flatMap(([protocol, own]) => Object.keys(own).map((name) => `${protocol}.${name}`));
  const ending = new Set(counts.filter(({ client }) => client.handshakes > 1).flatMap((one) => settings(poolOf(one))));
  const { kinds } = JSON.parse(readFileSync(join(ROOT, 'imports/schemas.json'), 'utf8'));
  const { properties } = kinds.find(({ kind }: { kind: string }) => kind === 'DestinationRule').schema.properties.spec.properties.trafficPolicy.properties.connectionPool;
  const all = Object.entries(properties).flatMap(([protocol, own]) => Object.keys((own as { properties: object }).properties).map((name) => `${protocol}.${name}`));
  const [, first, second] = /^- What ends connections is (.*?) of a DestinationRule's(.*)$/m.exec(readFileSync(PAGE, 'utf8'))!;
  const named = (text: string): string[] => [...new Set([...text.matchAll(/`((?:http|tcp)\.\w+)`/g)].map(([, name]) => name))].sort();
  expect(named(first)).toEqual([...ending].sort());
  expect(named(second)).toEqual(all.filter((name) => !ending.has(name)).sort());
});

test('the recorded file has no secrets or random bytes', () => {
  expect(FILE).not.toMatch(/PRIVATE|_SECRET|CLIENT_RANDOM|[0-9a-f]{16}|[A-Za-z0-9+/]{50}/);
});

function recordsWith(records: readonly TlsRecord[], ...types: readonly string[]): TlsRecord[] {
  return records.filter(({ messages = [] }) => messages.some(({ type }) => types.includes(type)));
}

function messageOf(records: readonly TlsRecord[], from: string, type: string): HandshakeMessage {
  return records.filter((one) => one.from === from).flatMap(({ messages = [] }) => messages).find((one) => one.type === type)!;
}

/** The records that one side sends until the other does. */
function inFlights(records: readonly TlsRecord[]): TlsRecord[][] {
  const found: TlsRecord[][] = [];
  for (const record of records) {
    if (found.at(-1)?.[0].from === record.from) found.at(-1)!.push(record);
    else found.push([record]);
  }
  return found;
}

const flights = (records: readonly TlsRecord[]): string[] => inFlights(records).map(([{ from }]) => from);

function tableOf(records: readonly TlsRecord[], withSuites: boolean): string {
  const rows = inFlights(records).flatMap((flight) => flight.flatMap(({ from, type, length, encrypted, messages }, place) => {
    const size = length === undefined ? '' : `, ${length} byte${length === 1 ? '' : 's'}`;
    const sender = place === 0 ? `**${from}**` : '';
    const record = `${type}${encrypted ? ', encrypted' : ''}${size}`;
    if (!messages) return [[sender, record, '', unread({ type, encrypted })]];
    return messages.map((one, index) => [index === 0 ? sender : '', index === 0 ? record : '', one.type, told(one, withSuites)]);
  }));
  return [['from', 'record', 'message', 'what it says'], ['---', '---', '---', '---'], ...rows].map((cells) => `|${cells.map((cell) => (cell === '---' ? cell : ` ${cell} `)).join('|')}|\n`).join('');
}

/** Of a record without messages that could be read. */
function unread({ type, encrypted }: Pick<TlsRecord, 'type' | 'encrypted'>): string {
  if (type === 'application_data') return 'what the application sends';
  return encrypted ? 'by the protocol: Finished' : '';
}

function told({ versions, suites, serverName, protocols, groups, authorities, names, resumes }: HandshakeMessage, withSuites: boolean): string {
  const code = (all: readonly string[]): string => all.map((one) => `\`${one}\``).join(', ');
  const ciphers = suites && (suites.length === 1 || withSuites ? code(suites) : `${suites.length} cipher suites`);
  return [
    versions?.join(', '), serverName && `SNI \`${serverName}\``, protocols && `ALPN ${code(protocols)}`, ciphers,
    groups && `key ${groups.length > 1 ? 'shares' : 'share'} ${groups.join(', ')}`, authorities && `of ${code(authorities)}`, names && code(names),
    resumes && 'resumes the first',
  ].filter(Boolean).join('; ');
}

function countsTable(): string {
  const rows = counts.filter(({ version }) => version === 'TLS 1.3').map(({ case: name, trafficPolicy, pause, client: { connections, handshakes, resumed } }) => (
    `| ${name} | ${pause > 0 ? `${pause} ms` : ''} | ${trafficPolicy ? `\`${JSON.stringify(trafficPolicy)}\`` : ''} | ${connections} | ${handshakes} | ${resumed} |\n`));
  return `| calls | apart | the rule's \`trafficPolicy\` | connections | handshakes | of these, resumed |\n|---|---|---|---|---|---|\n${rows.join('')}`;
}
