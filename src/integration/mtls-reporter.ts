import type { MtlsSummary } from './mtls-connection';
import type { MtlsFinding } from './mtls-finding';
import { isOfTest } from './once-per-synth';
import { numeral } from '../findings/numeral';
import { printable } from '../findings/safe-text';

/** What a synth found that doesn't fail it. */
export interface MtlsReport {
  /** Findings of severity warning that don't fail the synth, by object, code and field; acknowledgements that match nothing among them. */
  readonly warnings: MtlsFinding[];
  /** What to know of the control plane, a sentence each: `notes` of MtlsAnalysis. */
  readonly notes: string[];
  /** What comes of the connections, in numbers. */
  readonly summary: MtlsSummary;
  /** How many of the connections are decided: all but the undecided ones, 0 to `summary.connections`. */
  readonly decided: number;
  /** All of it as lines of text, each with a line feed at its end, with the first 20 warnings and notes. Empty if there is nothing to tell. */
  readonly text: string;
}

/** Takes what each synth found that doesn't fail it. */
export interface IMtlsReporter {
  /**
   * Is called once a synth of the app, before anything is written; and for `Testing.synth` or `toJson` of a chart, once each.
   *
   * @param report what was found; may have nothing to tell
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
   * Writes what there is to tell to standard error. Says nothing for `Testing.synth` and `toJson` of a chart, which tests call
   * many times, and nothing twice in a row.
   */
  public static stderr(): MtlsReporter {
    return new MtlsReporter((text) => void process.stderr.write(text));
  }

  /** Tells nobody. */
  public static silent(): MtlsReporter {
    return new MtlsReporter(() => undefined);
  }

  private told = '';

  private constructor(private readonly write: (text: string) => void) {}

  /** Tells what a synth found. */
  public report(report: MtlsReport): void {
    if (report.text === '' || report.text === this.told || isOfTest()) return;
    this.told = report.text;
    this.write(report.text);
  }
}

/** How many warnings and notes the text has. */
const TOLD = 20;

/** What a synth tells of these findings and notes. */
export function reportOf(warnings: MtlsFinding[], notes: string[], summary: MtlsSummary): MtlsReport {
  const decided = summary.connections - summary.undecided;
  return { warnings, notes, summary, decided, text: textOf(warnings, notes, decided, summary.connections) };
}

function textOf(warnings: readonly MtlsFinding[], notes: readonly string[], decided: number, connections: number): string {
  if (warnings.length === 0 && notes.length === 0 && decided === connections) return '';
  const found = warnings.length === 0 ? '' : `, ${numeral(warnings.length)} ${warnings.length === 1 ? 'warning' : 'warnings'}`;
  const told = [...warnings.map(({ message }) => `warning: ${message}`), ...notes.map((note) => `note: ${note}`)];
  const more = told.length > TOLD ? [`… and ${numeral(told.length - TOLD)} more, which a reporter of your own gets`] : [];
  return [
    `MtlsAnalysis: ${numeral(decided)} of ${numeral(connections)} ${connections === 1 ? 'connection' : 'connections'} decided${found}`,
    ...[...told.slice(0, TOLD), ...more].map((line) => `  ${line}`),
  ].map((line) => `${printable(line)}\n`).join('');
}
