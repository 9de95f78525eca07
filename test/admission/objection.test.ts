import { Objection, Objections } from '../../src/admission/objection';

const text = { code: 'X', actual: 'a', expected: 'b', fix: 'c' };

test('the first 1,000 objections of each code and severity are kept in order', () => {
  const objections = new Objections();
  for (let index = 0; index < 1500; index++) objections.at(index).warning(text);
  objections.error(text);
  objections.warning({ ...text, code: 'Y' });
  expect(objections.all.slice(999).map(({ code, severity }) => `${code} ${severity}`)).toEqual(['X warning', 'X error', 'Y warning']);
});

test('objections are collected with their paths', () => {
  const objections = new Objections();
  objections.at('spec').at('http', 0).error(text);
  objections.at('spec', 'hosts').warning(text);
  expect(objections.all).toEqual([
    { ...text, severity: 'error', field: ['spec', 'http', 0] },
    { ...text, severity: 'warning', field: ['spec', 'hosts'] },
  ]);
});

test('warnings are dropped at and below a path that wants only errors', () => {
  const objections = new Objections();
  objections.errorsOnly().at('spec').warning(text);
  expect(objections.all).toEqual([]);
  objections.errorsOnly().at('spec').error(text);
  expect(objections.all).toHaveLength(1);
});

test('objections at and below a path can be changed or dropped, the innermost path first', () => {
  const objections = new Objections();
  const marked = (mark: string) => (objection: Objection) => ({ ...objection, actual: `${objection.actual}${mark}` });
  const at = objections.at('spec').through(marked('1')).at('http').through(marked('2'));
  at.at(0).error(text);
  at.through(() => undefined).error(text);
  objections.error(text);
  expect(objections.all.map(({ actual, field }) => [actual, ...field])).toEqual([['a21', 'spec', 'http', 0], ['a']]);
});

test('an error rejects an object, a warning doesn\'t', () => {
  const objections = new Objections();
  objections.warning(text);
  expect(objections.refused).toBe(false);
  objections.at('spec').error(text);
  expect(objections.refused).toBe(true);
});
