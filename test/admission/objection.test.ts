import { Objection, ObjectionList, Objections } from '../../src/admission/objection';

const objection = (severity: Objection['severity'], code = 'ADMIT201'): Objection => ({ code, severity, field: [], actual: '', expected: '', fix: '' });

test('the first 1,000 of each code and severity are kept, in their order', () => {
  const list = new ObjectionList();
  for (let index = 0; index < 1500; index++) list.add(objection('warning'));
  list.add(objection('error'));
  list.add(objection('warning', 'ADMIT202'));
  expect(list.all.slice(999).map(({ code, severity }) => `${code} ${severity}`)).toEqual(['ADMIT201 warning', 'ADMIT201 error', 'ADMIT202 warning']);
});

const text = { code: 'X', actual: 'a', expected: 'b', fix: 'c' };

test('gathers what is told at any place, with its place', () => {
  const objections = new Objections();
  objections.at('spec').at('http', 0).error(text);
  objections.at('spec', 'hosts').warning(text);
  expect(objections.all).toEqual([
    { ...text, severity: 'error', field: ['spec', 'http', 0] },
    { ...text, severity: 'warning', field: ['spec', 'hosts'] },
  ]);
});

test('drops warnings where only errors are wanted, and below', () => {
  const objections = new Objections();
  objections.errorsOnly().at('spec').warning(text);
  expect(objections.all).toEqual([]);
  objections.errorsOnly().at('spec').error(text);
  expect(objections.all).toHaveLength(1);
});

test('is refused by an error, not by a warning', () => {
  const objections = new Objections();
  objections.warning(text);
  expect(objections.refused).toBe(false);
  objections.at('spec').error(text);
  expect(objections.refused).toBe(true);
});
