import type { MissingFact, Summary, ToldFacts } from './connection';
import type { Finding } from './finding';
import { isOfTest } from './once-per-synth';
import { numeral } from '../findings/numeral';
import { printable } from '../findings/safe-text';

/** What a result takes for granted, because the manifests don't show it. */
export interface MtlsAssumption {
  /** Its name in docs/assumptions.md, such as `istio-version`. */
  readonly name: string;
  /** In a few words, such as `no mesh-wide PeerAuthentication`. */
  readonly text: string;
}

/** What an analysis found that doesn't fail the synth. */
export interface MtlsReport {
  /**
   * The path of the construct that holds the mesh, such as `prod`.
   *
   * @default - the app has one mesh
   */
  readonly mesh?: string;
  /** Warnings that don't fail the synth, ordered by object, code and field, including those for acknowledgements that match nothing. */
  readonly warnings: Finding[];
  /** Infos that don't fail the synth, in the same order. */
  readonly infos: Finding[];
  /** Notes on the control plane, one sentence each: the `notes` of MtlsAnalysis. */
  readonly notes: string[];
  /**
   * Warnings of declared calls (`Calls`), one sentence each: workloads of the app that a policy locks out, and those that it lets in
   * though they don't declare the call. They never fail the synth.
   */
  readonly callWarnings: string[];
  /** What findings presuppose where the objects don't show who gets a sidecar: the `presumptions` of MtlsAnalysis. */
  readonly presumptions: string[];
  /** How many connections have each outcome. */
  readonly summary: Summary;
  /**
   * How many possible connections aren't judged, and which workloads declare others, in a sentence.
   *
   * @default - no workload declares its calls
   */
  readonly leftOut?: string;
  /** How many connections are decided, 0 to `summary.connections`. */
  readonly decided: number;
  /** The facts that undecided connections depend on: the `missingFacts` of MtlsAnalysis. */
  readonly missingFacts: MissingFact[];
  /**
   * All of `missingFacts` that options can state, stated together, and what that decides.
   *
   * @default - there are fewer than two, or they decide nothing
   */
  readonly missingFactsTogether?: ToldFacts;
  /**
   * What isn't checked, in a sentence: the `unjudged` of MtlsAnalysis.
   *
   * @default - everything is judged
   */
  readonly unjudged?: string;
  /** What the decided connections take for granted: the `assumptions` of MtlsAnalysis. */
  readonly assumptions: MtlsAssumption[];
  /**
   * The report as lines of text, each ending in a line feed, with the first 20 findings and notes. Empty if there are none, all
   * connections are decided, and none is left out.
   */
  readonly text: string;
}

/** Receives what doesn't fail a synth. */
export interface IMtlsReporter {
  /**
   * Receives a report of a mesh: once for each synth of the app, before anything is written, and once for each `Testing.synth` or
   * `toJson` of a chart. With several meshes in the app, receives one of each.
   *
   * @param report what was found; may be empty
   */
  report(report: MtlsReport): void;
}

/**
 * Reporters for MtlsAnalysis.attach.
 *
 * @example
 *
 * import { App } from 'cdk8s';
 * import { MtlsAnalysis, MtlsReporter } from 'cdk8s-istio-mtls';
 *
 * MtlsAnalysis.attach(new App(), { reporter: MtlsReporter.silent() });
 */
export class MtlsReporter implements IMtlsReporter {
  /**
   * Writes reports to standard error, but not for `Testing.synth` and `toJson` of a chart, which tests call many times, and not
   * the same report of a mesh twice in a row.
   */
  public static stderr(): MtlsReporter {
    return new MtlsReporter((text) => void process.stderr.write(text));
  }

  /** Writes nothing. */
  public static silent(): MtlsReporter {
    return new MtlsReporter(undefined);
  }

  /** The text last written for each mesh. */
  private readonly told = new Map<string | undefined, string>();

  private constructor(private readonly write: ((text: string) => void) | undefined) {}

  /**
   * Whether it would write a report now: creating a report takes time.
   *
   * @internal
   */
  public get _isListening(): boolean {
    return this.write !== undefined && !isOfTest();
  }

  /** Receives a report. */
  public report(report: MtlsReport): void {
    if (report.text === '' || report.text === this.told.get(report.mesh) || !this._isListening) return;
    this.told.set(report.mesh, report.text);
    this.write!(report.text);
  }
}

/** How many findings and notes the text lists. */
const TOLD = 20;

/** The report of a synth without its text. */
export type MtlsReportContent = Omit<MtlsReport, 'text' | 'decided'>;

/** @param undecided lines about undecided connections */
export function reportOf(content: MtlsReportContent, undecided: readonly string[]): MtlsReport {
  return { ...content, decided: content.summary.connections - content.summary.undecided, text: textOf(content, undecided) };
}

function textOf(content: MtlsReportContent, undecided: readonly string[]): string {
  const { mesh, infos, notes, presumptions, summary, leftOut, unjudged } = content;
  const warnings = [...content.warnings.map(({ message }) => message), ...content.callWarnings];
  const told = [
    ...warnings.map((message) => `warning: ${message}`), ...infos.map(({ message }) => `info: ${message}`),
    ...notes.map((note) => `note: ${note}`),
  ];
  const { connections } = summary;
  if (told.length + summary.undecided === 0 && leftOut === undefined) return '';
  const found = [
    `${numeral(connections - summary.undecided)} of ${numeral(connections)} ${connections === 1 ? 'connection' : 'connections'} decided`,
    ...warnings.length === 0 ? [] : [`${numeral(warnings.length)} ${warnings.length === 1 ? 'warning' : 'warnings'}`],
    ...infos.length === 0 ? [] : [`${numeral(infos.length)} to know`],
  ];
  const more = told.length > TOLD ? [`… and ${numeral(told.length - TOLD)} more: a custom reporter receives them all`] : [];
  return [
    `MtlsAnalysis${mesh === undefined ? '' : ` (${mesh})`}: ${found.join(', ')}`,
    ...[...undecided, leftOut ?? [], ...presumptions, ...told.slice(0, TOLD), ...more, unjudged ?? []].flat().map((line) => `  ${line}`),
  ].map((line) => `${printable(line)}\n`).join('');
}
