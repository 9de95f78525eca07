/** What fails a synth. */
export enum FailOn {
  /** Findings of severity error. */
  ERROR = 'error',
  /** Findings of severity warning or worse. */
  WARNING = 'warning',
  /** All findings. */
  INFO = 'info',
  /** Connections that aren't decided. */
  UNDECIDED = 'undecided',
  /** Nothing that the analysis finds; to be said alone. What admission refuses still fails. */
  NEVER = 'never',
}
