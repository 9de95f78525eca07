import { adviceLines } from './advice';
import { caseLines, presumedWith } from './cases';
import { Layout, Line, safeText } from './layout';
import { Paint, paintOf } from './paint';
import {
  authorizationText, sentText, handshakeTexts, outboundTexts, policyTexts, protocolText, resolutionText, ruleTexts, serverHead,
  signerText, symptomText,
} from './words';
import { DECLARED_CALLS } from '../../manifests/kinds';
import { TracedReason } from '../../mesh/calls/traced-connection';
import { meaningOf } from '../../mesh/calls/undecided-meanings';
import { grouped } from '../../mesh/collections';
import { objectText } from '../../mesh/inventory/object';
import { CallExplanation, ExplainedConnection } from '../explanation';
import { FailureKind, seenOf } from '../failures';

/** How a text is printed. */
interface TextOptions {
  readonly colours: Paint;
  /** How many columns a line may take. */
  readonly width: number;
}

/** An explanation as text for people. Parts that several servers share are printed once. */
export function explanationText(explanation: CallExplanation, { colours, width }: TextOptions): string {
  const layout = new Layout(colours, width);
  const { client, call, connections } = explanation;
  const outcomes = [...new Set(connections.map(({ transport }) => transport.outcome))];
  const verdict = outcomes.map((outcome) => paintOf(outcome, colours)(outcome)).join(', ') || 'no such connection';
  const ways = [...grouped(connections, wayKey).values()];
  const name = colours.bold(safeText(`${client.namespace}/${client.name} → ${call.host}:${call.port}`));
  return [
    `${name}: ${verdict}${safeText(presumedWith(explanation))}`,
    '',
    ...layout.lines([
      ...caseLines(explanation),
      ['call', `${objectText(call.service)}, port ${call.port}: ${protocolText(call.protocol)}`], ['', resolutionText(call)],
      ...clientLines(explanation), ...declarationLines(explanation),
    ]),
    ...ways.flatMap((way, index) => (
      wayLines(way, { layout, explanation, title: ways.length > 1 ? `Way ${index + 1} of ${ways.length}` : undefined }))),
    '',
  ].join('\n');
}

function clientLines({ client, identity, connections }: CallExplanation): readonly Line[] {
  const isKnown = connections.every(({ hops: [{ clientTls }] }) => clientTls !== 'UNKNOWN');
  const without = isKnown ? 'without a sidecar' : 'not known to have a sidecar';
  return [['client', `${objectText(client)}, ${identity === undefined ? without : `with a sidecar, as ${identity}`}`]];
}

/** Says that the call isn't one of those that its client declares. */
function declarationLines({ client, declared }: CallExplanation): readonly Line[] {
  if (declared !== false) return [];
  return [['declared', `no: ${DECLARED_CALLS} of ${objectText(client)} lists other calls, so check leaves this one out`],
    ['', 'explained as if it were made']];
}

/** A key of a connection's client side; equal keys share the printed part. */
function wayKey(one: ExplainedConnection): string {
  const { hops, outbound, route, rules, handshake, kinds } = one;
  if (hops.length > 1) return JSON.stringify(one);
  const { destination, clientTls, transport: { undecidedBecause } } = hops[0];
  return JSON.stringify([destination, clientTls, outbound, route, rules, handshake, kinds,
    clientTls === 'UNKNOWN' ? undecidedBecause : '']);
}

interface Context {
  readonly layout: Layout;
  readonly explanation: CallExplanation;
  readonly title?: string;
  /** The proxy that forwards the call; undefined for the client's. */
  readonly gateway?: string;
}

function wayLines(way: readonly ExplainedConnection[], context: Context): string[] {
  const { layout, explanation, title, gateway } = context;
  const [first] = way;
  if (first.hops.length > 1) return hopByHop(first, context);
  const { hops: [{ destination: { host, port, subset } }] } = first;
  const isElsewhere = host !== explanation.call.host || port !== explanation.call.port || subset !== undefined;
  return [
    ...title === undefined ? [] : ['', `  ${layout.colours.bold(title)}`],
    ...layout.lines([
      ...gateway === undefined ? outboundTexts(first).map((text, index): Line => [index === 0 ? 'outbound' : '', text]) : [],
      ...isElsewhere ? [[
        'sent to',
        `${host}:${port}${subset === undefined ? '' : `, subset ${subset}`}${first.route ? `, by ${objectText(first.route)}` : ''}`,
      ] as Line] : [],
      ...ruleTexts(first).map((text, index): Line => [index === 0 ? 'rules' : '', text]),
      ['sends', sentText(first)],
      ...handshakeTexts(first).map((text): Line => ['', text]),
      ...first.handshake?.verifiedBy === 'mesh' ? [['signed by', signerText(explanation)] as Line] : [],
    ]),
    ...way.flatMap((one, index) => serverLines(one, {
      layout, explanation, gateway, title: way.length > 1 ? `Server ${index + 1} of ${way.length}` : undefined,
    }, way.slice(0, index))),
  ];
}

/** A call through gateways: each hop is printed like a call of its own, with the failure and its fix at the decisive hop. */
function hopByHop(one: ExplainedConnection, { layout, explanation, title }: Context): string[] {
  const { hops, steps, failure, advice, waitsFor } = one;
  return [
    ...title === undefined ? [] : ['', `  ${layout.colours.bold(title)}`],
    ...hops.flatMap((hop, index) => {
      const { sender, transport } = hop;
      const from = sender === null ? '' : `, from ${objectText(sender)}`;
      const decides = steps[index].decisive ? ': decides the outcome' : '';
      const ofHop = { ...one, hops: [hop], transport, ...steps[index], failure: undefined, advice: undefined, waitsFor: undefined };
      const alone: ExplainedConnection = steps[index].decisive ? { ...ofHop, failure, advice, waitsFor } : ofHop;
      const gateway = index === 0 || sender === null ? undefined : objectText(sender);
      return wayLines([alone], { layout, explanation, gateway, title: `Hop ${index + 1} of ${hops.length}${from}${decides}` });
    }),
  ];
}

/** @param before servers already printed; equal fixes aren't repeated */
function serverLines(one: ExplainedConnection, { layout, title, gateway }: Context, before: readonly ExplainedConnection[]): string[] {
  const told = before.findIndex(({ advice }) => advice?.mending !== undefined && JSON.stringify(advice) === JSON.stringify(one.advice));
  const { transport: { outcome, undecidedBecause, because }, failure, server } = one;
  const reasons = because.map(reasonText).join('; ');
  const why = [...undecidedBecause === undefined ? [] : [meaningOf(undecidedBecause)], ...reasons === '' ? [] : [reasons]];
  const verdict = `${outcome}${why.map((text, index) => `${index === 0 ? ': ' : '; '}${text}`).join('')}`;
  return [
    ...title === undefined ? [] : ['', `  ${layout.colours.bold(title)}`],
    ...layout.lines([
      ['server', serverHead(one)],
      ...server ? policyTexts(server).map((text, index): Line => [index === 0 ? 'mode by' : '', text]) : [],
      ...server?.inbound.map((names, index): Line => (
        [index === 0 ? 'inbound' : '', `${names.kind}: filter chain ${names.filterChain}, cluster ${names.cluster}`])) ?? [],
      ...server && authorizationText(server) !== '' ? [['policies', authorizationText(server)] as Line] : [],
      ...server && failure && REFUSED.has(failure.kind) && server.inbound.length === 0 ? [['inbound', 'refuses the traffic'] as Line] : [],
    ]),
    ...layout.line('outcome', verdict, paintOf(outcome, layout.colours)),
    ...layout.lines(failure === undefined ? [] : seenOf(failure.kind, one).map((symptom, index): Line => [index === 0 ? 'looks like' : '',
      symptomText(symptom, gateway)])),
    ...told >= 0 ? layout.line('fix', `the same as for server ${told + 1}`) : adviceLines(one, layout),
  ];
}

function reasonText({ object, field, effect }: TracedReason): string {
  return `${objectText(object)} ${field}: ${effect}`;
}

/** Failures in which the call arrives at the server's proxy, which rejects it. */
const REFUSED: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'plaintext-to-strict', 'unproxied-to-strict', 'mtls-to-disable', 'foreign-tls-to-strict', 'foreign-tls-to-http', 'tls-to-disabled-http',
  'other-protocol', 'proxy-protocol',
]);
