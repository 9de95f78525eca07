/** How bad a finding is. */
export enum FindingSeverity {
  /** Something breaks, or is exposed. */
  ERROR = 'error',
  /** Something will surprise. */
  WARNING = 'warning',
  /** Good to know. */
  INFO = 'info',
}
