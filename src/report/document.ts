import { createHash } from 'node:crypto';
import { ReportData } from './data';

/** The parts of a page other than its data: the script and styles in the package. */
export interface PageAssets {
  readonly script: string;
  readonly styles: string;
}

/**
 * A self-contained page: it loads nothing, and its Content-Security-Policy of hashes allows only its own
 * script. The data is JSON in which no markup can begin, and the script inserts it only as text.
 */
export function reportDocument(data: ReportData, { script, styles }: PageAssets): string {
  const policy = [
    "default-src 'none'", `script-src ${hashOf(script)}`, `style-src ${hashOf(styles)}`, "base-uri 'none'", "form-action 'none'",
    "require-trusted-types-for 'script'", "trusted-types 'none'",
  ].join('; ');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    '<title>Mutual TLS report</title>',
    `<style>${styles}</style>`,
    '</head>',
    '<body>',
    '<noscript>This report is drawn by a script that lies within it. Allow scripts for this file to read it.</noscript>',
    '<div id="page"></div>',
    `<script type="application/json" id="data">${inertJson(data)}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** JSON that can't end the script element: it contains neither `</script>` nor `<!--`. */
function inertJson(data: ReportData): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
