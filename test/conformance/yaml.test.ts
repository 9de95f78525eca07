// The verdicts of the conformance suite's YAML part on kubectl's recorded output.
import { manifestVerdict } from '../../conformance/yaml/verdict';

const NOT_A_LIST = '*unstructured.Unstructured is not a list: no Items field in this object';
const NO_KIND = 'unable to get type info from the object "*unstructured.Unstructured": Object \'Kind\' is missing in \'object has no kind field \'';

interface Theirs { readonly value: object; readonly objects?: readonly object[]; readonly error?: string }

async function verdict(objects: readonly object[], codes: readonly string[], documents: readonly Theirs[]) {
  const ours = { objects, problems: codes.map((code) => ({ code, actual: 'x' })) };
  const read = documents.map(({ value, objects: taken = [], error }) => ({ value: JSON.stringify(value), objects: taken.map(written), error }));
  const terms = { exotic: new Set(['ADMIT152', 'ADMIT159']), mayRefuse: true, isJson: false, isTwice: async () => codes.includes('ADMIT152') };
  return (await manifestVerdict(ours, { documents: read }, terms)).outcome;
}

function written(object: object) {
  return JSON.stringify(object);
}

const A = { apiVersion: 'v1', kind: 'A', metadata: { name: 'a' } };
const listOf = (...items: object[]) => ({ apiVersion: 'v1', kind: 'List', items });
const sent = (value: object) => ({ value, objects: [value] });

describe('a List in a List, which kubectl refuses', () => {
  const documents = [{ value: listOf(A, listOf(A)), error: NOT_A_LIST }];

  test.each<[string, object[], string[], string]>([
    ['is refused', [A], ['ADMIT168'], 'equal'],
    ['may not be taken apart', [A, A], [], 'difference'],
    ['may not be an object', [A, listOf(A)], [], 'difference'],
    ['hides nothing beside it', [], ['ADMIT168'], 'difference'],
  ])('%s', async (_, objects, codes, expected) => {
    expect(await verdict(objects, codes, documents)).toBe(expected);
  });
});

test('a List that kubectl takes may not be refused', async () => {
  expect(await verdict([], ['ADMIT168'], [{ value: listOf(A), objects: [A] }])).toBe('difference');
  expect(await verdict([A], [], [{ value: listOf(A), objects: [A] }])).toBe('equal');
});

describe('a document that is refused for a duplicate key', () => {
  const [first, second] = [{ value: listOf({}), error: NO_KIND }, { value: listOf({}, { a: 1 }), error: NO_KIND }];

  test('may begin as the next one does', async () => {
    expect(await verdict([{}, { a: 1 }], ['ADMIT152'], [first, second])).toBe('refused');
  });

  test('takes no other with it', async () => {
    expect(await verdict([], ['ADMIT152'], [first, second])).toBe('difference');
    expect(await verdict([A], ['ADMIT152'], [sent(A), sent({ ...A, a: 1 }), sent(A)])).toBe('difference');
  });
});
