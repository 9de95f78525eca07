import { readManifests } from '../../src/manifests/manifests';
import { templateAt } from '../../src/manifests/problems';
import { processorSeconds } from '../support/command/processor-time';

describe('a template that Helm hasn\'t rendered', () => {
  test.each([
    ['as a value', 'kind: A\nspec:\n  mode: {{ .Values.mode }}\n', 3, 9],
    ['as a condition', 'kind: A\n{{- if .Values.on }}\nspec: {}\n{{- end }}\n', 2, 1],
    ['as an include', 'kind: A\nlabels:\n  {{- include "labels" . | nindent 2 }}\n', 3, 3],
    ['of Jinja', 'kind: A\n{% raw %}\nspec: {}\n', 2, 1],
    ['as an item', 'kind: A\nlist:\n- {{ .Values.item }}\n', 3, 3],
  ])('is reported with its position: %s', (_, text, line, column) => {
    const { documents, problems } = readManifests(`kind: B\n---\n${text}`, 'f');
    expect(documents.map(({ object }) => object.kind)).toEqual(['B']);
    expect(problems.map(({ code, position }) => [code, position.line - 2, position.column])).toEqual([['ADMIT158', line, column]]);
    expect(problems[0].actual).toMatch(/^a template that isn't rendered/);
  });

  test.each([
    ['Jinja in quotes', 'a: "{% raw %}"\n', []],
    ['a template in quotes', 'a: "{{ $value }}"\n', []],
    ['a template inside a string', 'a: x-{{ .y }}\n', []],
    ['a template in quotes, beside a syntax error', 'a: "{{ $value }}"\nb: c: d\n', ['ADMIT151']],
  ])('isn\'t reported for %s', (_, text, codes) => {
    expect(readManifests(text, 'f').problems.map(({ code }) => code)).toEqual(codes);
  });

  test('isn\'t reported for a mapping as a key in JSON, which is a syntax error', () => {
    expect(readManifests('{"a": {{"b": 1}: 2}}', 'f').problems.map(({ code }) => code)).toEqual(['ADMIT151']);
  });

  test.each([['many keys on a line', 'a: '], ['spaces', ' '], ['many templates', 'a {{ '], ['dashes', '- ']])('is found quickly in long texts: %s', (_, part) => {
    const seconds = processorSeconds(() => expect(templateAt(`x${part.repeat(400_000)}\n  {{ b`)).toBe(1 + part.length * 400_000 + 3));
    expect(seconds).toBeLessThan(1); // it took 22 for a tenth of it
  });
});
