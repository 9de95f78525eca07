import { worldColumns } from './world-columns';
import { leftOutNotes } from '../../analysis/left-out';
import { paintOf } from '../../explain/text/paint';
import { numeral } from '../../findings/numeral';
import { printable } from '../../findings/safe-text';
import { wrapped } from '../../findings/wrapped';
import { PlaintextCount, PlaintextReason } from '../../mesh/calls/plaintext';
import { meaningOf } from '../../mesh/calls/undecided-meanings';
import { ISTIO_MINOR } from '../../mesh/config/istiods';
import { OUTCOMES } from '../../mesh/model/transport';
import { CheckReport } from '../findings/check';
import { LOST, MEANINGS } from '../findings/outcome-meanings';
import { counted, Printer } from '../output/printer';

/** Why connections are in plaintext. */
const PLAINTEXT: Readonly<Record<PlaintextReason, string>> = {
  'client-without-sidecar': 'the client has no sidecar',
  'server-without-sidecar': 'the server has no sidecar',
  'unknown-sidecar': 'istiod doesn\'t know that the server has a sidecar',
  'rule': 'a DestinationRule makes the client send plaintext',
  'policy': 'a PeerAuthentication turns mutual TLS off (DISABLE)',
  'auto-mtls-off': 'the mesh config turns auto mTLS off',
  'external': 'the server is outside the mesh (a ServiceEntry with MESH_EXTERNAL)',
  'not-all-servers': 'another server of the same headless Service has no sidecar',
  'bypassed': 'the client\'s sidecar passes the call on as it comes',
};

/** How many connections there are, their outcomes, and why some are in plaintext or undecided. */
export function connectionBlocks(report: CheckReport, all: boolean, printer: Printer): string[][] {
  const { reading, size, connections: summary, plaintext, worlds } = report;
  const { colours, width } = printer;
  const { connections, lostCopies, outcomes, undecided } = summary;
  if (reading.documents.length === 0) return [];
  const isPart = reading.facts.documents.length > 0;
  const left = leftOutLines(report, all, printer);
  if (connections === 0) return [[noneText(report), ...left]];
  const mesh = `${counted(size.workloads, 'workload')} and ${counted(size.services, 'service')} in `
    + `${counted(size.namespaces, 'namespace')}`;
  const digits = numeral(connections).length;
  const lineOf = (count: number, word: string, meaning: string, paint: (text: string) => string): string =>
    `  ${numeral(count).padStart(digits)}  ${paint(word.padEnd('undecided'.length))}  ${colours.dim(meaning)}`;
  const indent = ' '.repeat(digits + 6);
  const reasonLines = (count: number, words: string): string[] =>
    wrapped(`${numeral(count)} ${words}`, width - indent.length)
      .map((line, index) => `${indent}${index === 0 ? '' : '  '}${colours.dim(line)}`);
  const lines = OUTCOMES.filter((outcome) => outcomes[outcome] > 0).flatMap((outcome) => [
    lineOf(outcomes[outcome], outcome, MEANINGS[outcome], paintOf(outcome, colours)),
    ...outcome === 'plaintext' ? plaintext.flatMap((one) => reasonLines(one.connections, plaintextText(one))) : [],
    ...outcome === 'undecided'
      ? Object.entries(undecided).sort().flatMap(([reason, count]) => reasonLines(count, undecidedText(reason)))
      : [],
  ]);
  const lost = lostCopies === 0 ? [] : [lineOf(lostCopies, 'lost', LOST, colours.yellow)];
  const title = `${colours.bold(mesh)}: ${counted(connections, 'connection')} `
    + `${isPart ? 'involving the checked objects, or changed by them' : 'possible'}, in Istio ${ISTIO_MINOR}`;
  return [[title, ...worlds ? worldColumns(worlds, printer) : [...lines, ...lost], ...left]];
}

function noneText({ reading, leftOut }: CheckReport): string {
  if (reading.facts.documents.length > 0) return 'No connection involves the checked objects or is changed by them.';
  const reason = leftOut ? 'the declared calls make none' : 'the manifests contain no workload with a service to call';
  return `No connections: ${reason}.`;
}

function leftOutLines({ leftOut }: CheckReport, all: boolean, { colours, width }: Printer): string[] {
  return leftOutNotes(leftOut, all).flatMap((text) => wrapped(printable(`${text}.`), width)).map((line) => colours.yellow(line));
}

function plaintextText({ reason, namespaces }: PlaintextCount): string {
  return `${PLAINTEXT[reason]}${namespaces.size === 0 ? '' : `, in ${counted(namespaces.size, 'namespace')}`}`;
}

function undecidedText(reason: string): string {
  return `${meaningOf(reason)} (${reason})`;
}
