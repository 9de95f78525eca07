/** A line or a value that begins with `{{`, as Helm's templates have it and no YAML that is meant so. */
const TEMPLATE = /^[ \t]*(?:- +)*(?:[^\s'"#{][^'"#{\n]*:[ \t]+)?(?=\{\{)/m;

/** What the parser makes of a mapping that is a key, as `{{ .Values.mode }}` is when it is read as YAML. */
const MAPPING_AS_KEY = '[object Object]';

/** Where the first template is in a text, if there is one. */
export function templateAt(text: string): { readonly line: number; readonly column: number } | undefined {
  const match = text.includes('{{') ? TEMPLATE.exec(text) : null;
  if (!match) return undefined;
  const before = text.slice(0, match.index + match[0].length);
  return { line: before.split('\n').length - 1, column: before.length - before.lastIndexOf('\n') - 1 };
}

/** Whether a value that was read has a template among its values. */
export function hasTemplate(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return MAPPING_AS_KEY in value || Object.values(value).some(hasTemplate);
}
