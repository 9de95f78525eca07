// How connections whose outcome depends on missing Namespaces are counted.
import { decidedIn, decidedRow, sumOf } from '../../conformance/noise/decided';

const UNDECIDED = { outcome: 'undecided' };
const branches = (...outcomes: string[]) => ({ transport: UNDECIDED, branches: outcomes.map((outcome) => ({ outcome })) });
const REPORT = { connections: { connections: 6, decided: 1 } };

test('a connection is decided always, by condition, in some cases, or never', () => {
  const listed = [
    { transport: { outcome: 'plaintext' } },
    { transport: UNDECIDED },
    branches('mtls', 'plaintext'),
    branches('absent', 'mtls'),
    branches('undecided', 'plaintext'),
    branches('undecided', 'undecided'),
    branches('mtls', 'undecided', 'plaintext'),
  ];
  expect(decidedIn(REPORT, listed)).toEqual({ possible: 7, always: 1, byCondition: 2, inSomeCases: 2, before: { possible: 6, decided: 1 } });
});

test('a row has shares and numbers, and what isn\'t decided is undecided', () => {
  expect(decidedRow('a', { possible: 4000, always: 3990, byCondition: 9, inSomeCases: 1, before: { possible: 2000, decided: 1000 } }))
    .toBe('| a | 4,000 | over 99 % (3,990) | under 1 % (9) | under 1 % (1) | 50 % (1,000) |');
  expect(decidedRow('b', { possible: 2, always: 2, byCondition: 0, inSomeCases: 0, before: { possible: 2, decided: 0 } }))
    .toBe('| b | 2 | 100 % (2) | 0 % (0) | 0 % (0) | 0 % (0) |');
});

test('a sum is of each number', () => {
  const one = { possible: 1, always: 2, byCondition: 3, inSomeCases: 4, before: { possible: 5, decided: 6 } };
  expect(sumOf([one, one])).toEqual({ possible: 2, always: 4, byCondition: 6, inSomeCases: 8, before: { possible: 10, decided: 12 } });
});
