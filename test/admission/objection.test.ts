import { Objection, ObjectionList } from '../../src/admission/objection';

const objection = (severity: Objection['severity'], code = 'ADMIT201'): Objection => ({ code, severity, field: [], actual: '', expected: '', fix: '' });

test('the first 1,000 of each code and severity are kept, in their order', () => {
  const list = new ObjectionList();
  for (let index = 0; index < 1500; index++) list.add(objection('warning'));
  list.add(objection('error'));
  list.add(objection('warning', 'ADMIT202'));
  expect(list.all.slice(999).map(({ code, severity }) => `${code} ${severity}`)).toEqual(['ADMIT201 warning', 'ADMIT201 error', 'ADMIT202 warning']);
});
