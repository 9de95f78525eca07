import type { MtlsSummary } from './mtls-connection';
import type { MtlsFinding } from './mtls-finding';
import { isOfTest } from './once-per-synth';
import { numeral } from '../findings/numeral';
import { printable } from '../findings/safe-text';

/** What an analysis found that doesn't fail the synth. */
export interface MtlsReport {
  /** Warnings that don't fail the synth, ordered by object, code and field, including those for acknowledgements that match nothing. */
  readonly warnings: MtlsFinding[];
  /** Notes on the control plane, one sentence each: the `notes` of MtlsAnalysis. */
  readonly notes: string[];
  /** How many connections have each outcome. */
  readonly summary: MtlsSummary;
  /** How many connections are decided, 0 to `summary.connections`. */
  readonly decided: number;
  /** The report as lines of text, each ending in a line feed, with the first 20 warnings and notes. Empty if there is nothing to report. */
  readonly text: string;
}

/** Receives what doesn't fail a synth. */
export interface IMtlsReporter {
  /**
   * Receives a report: once for each synth of the app, before anything is written, and once for each `Testing.synth` or `toJson`
   * of a chart.
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
   * the same report twice in a row.
   */
  public static stderr(): MtlsReporter {
    return new MtlsReporter((text) => void process.stderr.write(text));
  }

  /** Writes nothing. */
  public static silent(): MtlsReporter {
    return new MtlsReporter(() => undefined);
  }

  private told = '';

  private constructor(private readonly write: (text: string) => void) {}

  /** Receives a report. */
  public report(report: MtlsReport): void {
    if (report.text === '' || report.text === this.told || isOfTest()) return;
    this.told = report.text;
    this.write(report.text);
  }
}

/** How many warnings and notes the text lists. */
const TOLD = 20;

/** The report of a synth with these findings and notes. */
export function reportOf(warnings: MtlsFinding[], notes: string[], summary: MtlsSummary): MtlsReport {
  const decided = summary.connections - summary.undecided;
  return { warnings, notes, summary, decided, text: textOf(warnings, notes, decided, summary.connections) };
}

function textOf(warnings: readonly MtlsFinding[], notes: readonly string[], decided: number, connections: number): string {
  if (warnings.length === 0 && notes.length === 0 && decided === connections) return '';
  const found = warnings.length === 0 ? '' : `, ${numeral(warnings.length)} ${warnings.length === 1 ? 'warning' : 'warnings'}`;
  const told = [...warnings.map(({ message }) => `warning: ${message}`), ...notes.map((note) => `note: ${note}`)];
  const more = told.length > TOLD ? [`… and ${numeral(told.length - TOLD)} more: a custom reporter receives them all`] : [];
  return [
    `MtlsAnalysis: ${numeral(decided)} of ${numeral(connections)} ${connections === 1 ? 'connection' : 'connections'} decided${found}`,
    ...[...told.slice(0, TOLD), ...more].map((line) => `  ${line}`),
  ].map((line) => `${printable(line)}\n`).join('');
}
