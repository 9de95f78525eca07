// Findings that hold only if namespaces that aren't in the manifests have sidecars, or only if they have none.

/** The conditional findings of one code and severity in one folder. */
export interface Conditional {
  /** Code, severity and folder, as a row of docs/noise.md begins. */
  readonly key: string;
  /** As `check` shows them. */
  readonly shown: number;
  /** With values that nothing in the manifests expects. */
  readonly unexpected: number;
}

/** @param report what `check -o json` prints of the folder */
export function conditionalIn(name: string, report: any): Conditional[] {
  const shown: string[] = report.findings.filter((finding: any) => finding.if !== undefined).map(keyOf);
  const unexpected: string[] = (report.worlds?.unexpected ?? []).map(keyOf);
  return [...new Set([...shown, ...unexpected])].sort().map((key) => ({
    key: `${key} | ${name}`,
    shown: shown.filter((other) => other === key).length,
    unexpected: unexpected.filter((other) => other === key).length,
  }));
}

function keyOf({ code, severity }: { readonly code: string; readonly severity: string }): string {
  return `${code} | ${severity}`;
}

/** The rows of a page that differ from what is found, each as it would have to begin. */
export function differingRows(page: string, found: readonly Conditional[]): string[] {
  const recorded = [...page.matchAll(/^\| (?:ADMIT|MTLS)\d+ \| \w+ \| [^|\d][^|]* \| \d+ \| \d+ \|/gm)].map(([row]) => row);
  const rows = found.map(rowOf);
  const missing = rows.filter((row) => !recorded.includes(row)).map((row) => `expected ${row}`);
  return [...missing, ...recorded.filter((row) => !rows.includes(row)).map((row) => `not found: ${row}`)];
}

function rowOf({ key, shown, unexpected }: Conditional): string {
  return `| ${key} | ${shown} | ${unexpected} |`;
}
