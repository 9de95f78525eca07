/** How `check` and `validate` can print. */
export const REPORT_FORMATS = ['text', 'json', 'sarif', 'junit', 'github'] as const;

export type ReportFormat = typeof REPORT_FORMATS[number];
